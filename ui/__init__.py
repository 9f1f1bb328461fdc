"""The screens: sign-in gate, page images and pages for technicians, clinicians and supervisors."""

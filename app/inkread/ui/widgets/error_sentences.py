"""The templates of all expected errors, for the translators' tool, which reads only literals."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP

#: A test keeps it complete.
SENTENCES = (
    QT_TRANSLATE_NOOP("errors", "Something is wrong with {name}."),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: there is no such file; check the name and the folder.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: you are not allowed to open this file; change its permissions or copy it.",
    ),
    QT_TRANSLATE_NOOP("errors", "{name}: this is a folder, not a file; choose a file in it."),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this is a pipe, a device or a socket, not a file; "
        "save what it gives in a file and open that.",
    ),
    QT_TRANSLATE_NOOP(
        "errors", "{name}: nothing came on standard input; send it a picture or InkML."
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: no picture was found in this folder; choose one that holds pictures (-r "
        "looks into its subfolders too).",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the file cannot be opened ({reason}); try a copy of it.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the file has more than {limit} MB, the most that is read; make it smaller.",
    ),
    QT_TRANSLATE_NOOP("errors", "{name}: the file is empty; save the picture again."),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this is not a picture that can be read; use PNG, JPEG, BMP, GIF, TIFF "
        "or WebP, or InkML for ink.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the picture is damaged or cut off ({reason}); get a fresh copy of it.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the picture claims {width} x {height} pixels, more than the limit of "
        "{limit} million; make it smaller first.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: reading it failed in a way nobody expected ({reason}); please report it.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the process that read it was ended by the system, perhaps for want of memory; "
        "read it by itself, or make it smaller.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this is no InkML that can be read ({reason}); export the ink again.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this model cannot be used ({reason}); choose another model.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{path}: the model that came with the program cannot be used ({reason}); put a good "
        "copy there, or import another model into the library.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: drawings are saved as {known}; give the file one of these endings.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: what was read is saved as {known}; give the file one of these endings.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the file could not be saved ({reason}); choose another place.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this model cannot be used ({reason}), so {instead} is; choose another "
        "model or import a good copy.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: no model in the library is called that; choose one of its list.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this may be {count} models of the library ({models}); choose one by its id.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: another model of the library goes by that name; choose another name.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this model is in use; use another one, then delete it.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the model that came with the program stays as it is; choose another model.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: no model can be called that; use 1 to {limit} characters on one line.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: no other model was in use before this one; choose one of the library.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the model library could not be changed ({reason}); nothing of it is lost, "
        "put that right and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this is no data set that can be read; use NPZ, IDX, CSV, InkML, or a "
        "folder that holds a folder of pictures for each class.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the data set is damaged ({reason}); get a fresh copy of it.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: these are not labelled pictures of one size ({reason}); put them into "
        "one of the forms that are described in the README.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: it claims more than {limit} MB of pictures or labels; use a part of it.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: there is not one sample that can be used ({reason}); choose other data.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: all samples are blank; choose data with something written on them.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the labels are missing ({reason}); add them, or choose other data.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the class {label} has not one sample that can be used; add some, or take "
        "the class away.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: all samples are of the class {label}; add data of at least one other class.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: its samples are {width} x {height} pixels, those of {other} are "
        "{other_width} x {other_height}; use data of one size.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the model knows none of its classes ({labels}); choose another model.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: it could not be fetched ({reason}); check the network connection and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the samples could not be kept or changed ({reason}); nothing of them is "
        "lost, put that right and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the samples cannot be read ({reason}); put that right and try again.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: these samples are kept in a way that this Inkread does not know ({reason}); "
        "use the newest Inkread, or another place.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the samples were damaged ({reason}), so they are set aside as {kept} and new "
        "ones begin; a copy of yours can be put in their place.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: there is no sample of that number; choose one of the list.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: nothing is written there; choose something that shows one sign.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: this cannot be a label; use 1 to {limit} characters on one line.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: no change of the samples is left to undo.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: samples are written to a file that ends in .npz or .inkml, or to a folder, "
        "whose name has no such ending; choose one of these.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "This network cannot be trained ({reason}); choose another network, or train a new one.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "The network cannot be trained: {operator} (node {node}) {reason}; choose a network made "
        "of other layers.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "There are too few samples to learn from ({count} of at least {fewest}); correct or teach "
        "some more signs first.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "The training ran away in epoch {epoch}: the loss is no number any more; choose a lower "
        "learning rate.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "The training ran away in epoch {epoch}: the loss grew to {loss}; choose a lower "
        "learning rate.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "The training came to nothing: of the held-out samples {percent} % are read right, no "
        "more than by guessing; choose a lower learning rate, or more epochs.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "The network tells {outputs} classes apart, the data have {labels}; choose other data, or "
        "train a new network.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: the network does not know the classes {labels}; choose other data, or train a "
        "new network.",
    ),
    QT_TRANSLATE_NOOP(
        "errors",
        "{name}: there is no network description of that name; choose one of {names}, or a TOML "
        "file.",
    ),
    QT_TRANSLATE_NOOP("errors", "{name}: {place} {reason}; correct the description."),
    QT_TRANSLATE_NOOP("errors", "{name}: {place} {reason}; correct the recipe."),
)

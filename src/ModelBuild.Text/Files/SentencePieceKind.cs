namespace ModelBuild.Text.Files;

/// <summary>Specifies the kind of a piece of a SentencePiece model, with the numbers of the file format.</summary>
internal enum SentencePieceKind
{
    None = 0,
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

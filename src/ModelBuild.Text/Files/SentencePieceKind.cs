namespace ModelBuild.Text.Files;

/// <summary>The kinds of pieces, with the numbers of the file format.</summary>
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

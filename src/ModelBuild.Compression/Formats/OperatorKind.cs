namespace ModelBuild.Compression.Formats;

/// <summary>What an operator does with the numbers it reads.</summary>
internal enum OperatorKind
{
    /// <summary>Multiplies weights or matrices: what conversion is for.</summary>
    Layer,

    /// <summary>Computes something cheap.</summary>
    Light,

    /// <summary>Hands numbers on unchanged.</summary>
    Move,
}

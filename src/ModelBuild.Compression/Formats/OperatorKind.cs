namespace ModelBuild.Compression.Formats;

/// <summary>The effect of an operator on the values that it reads.</summary>
internal enum OperatorKind
{
    /// <summary>The operator multiplies weights or matrices. Conversion exists for these operators.</summary>
    Layer,

    /// <summary>The operator computes a cheap function.</summary>
    Light,

    /// <summary>The operator copies or moves values without changing them.</summary>
    Move,
}

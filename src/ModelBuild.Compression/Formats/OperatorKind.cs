namespace ModelBuild.Compression.Formats;

/// <summary>The effect of an operator on the values that it reads.</summary>
internal enum OperatorKind
{
    /// <summary>
    /// The operator multiplies weights or matrices. The purpose of the conversion to a 16-bit type is to compute operators of this kind in that type.
    /// </summary>
    Layer,

    /// <summary>The operator computes a cheap function.</summary>
    Light,

    /// <summary>The operator copies or moves values without changing them.</summary>
    Move,
}

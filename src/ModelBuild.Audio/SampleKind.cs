namespace ModelBuild.Audio;

/// <summary>Specifies the number format of the samples.</summary>
internal enum SampleKind
{
    /// <summary>An integer: without a sign if it has 8 bits, with a sign otherwise.</summary>
    Integer,

    /// <summary>A float.</summary>
    Float,

    /// <summary>A logarithmic byte by the A-law of ITU-T G.711.</summary>
    ALaw,

    /// <summary>A logarithmic byte by the µ-law of ITU-T G.711.</summary>
    MuLaw,
}

namespace ModelBuild.Audio;

/// <summary>Specifies the number format of the samples in a WAV file.</summary>
internal enum SampleKind
{
    /// <summary>An integer, which is unsigned if it has 8 bits and signed otherwise.</summary>
    Integer,

    /// <summary>A floating-point number.</summary>
    Float,

    /// <summary>A logarithmic byte by the A-law of ITU-T G.711.</summary>
    ALaw,

    /// <summary>A logarithmic byte by the µ-law of ITU-T G.711.</summary>
    MuLaw,
}

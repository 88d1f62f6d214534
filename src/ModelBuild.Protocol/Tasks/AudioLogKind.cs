namespace ModelBuild.Protocol;

/// <summary>Specifies the logarithm that is taken of spectra.</summary>
internal enum AudioLogKind
{
    /// <summary>The natural logarithm.</summary>
    Natural,

    /// <summary>The logarithm to the base of 10.</summary>
    Base10,

    /// <summary>Decibels: 10 · log10 of a power spectrum, 20 · log10 of magnitudes.</summary>
    Decibels,

    /// <summary>The logarithm to the base of 10, at least the maximum of the recording minus 8, then (x + 4) / 4.</summary>
    Whisper,
}

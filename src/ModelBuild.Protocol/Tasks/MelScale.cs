namespace ModelBuild.Protocol;

/// <summary>Specifies the frequencies of mel bands, and the shape of their filters.</summary>
internal enum MelScale
{
    /// <summary>The scale is linear below 1000 Hz and logarithmic above, as in Slaney's Auditory Toolbox. The triangles are linear in hertz.</summary>
    Slaney,

    /// <summary>The scale is 2595 · log10(1 + f / 700), as in HTK. The triangles are linear in hertz.</summary>
    Htk,

    /// <summary>The scale is 1127 · ln(1 + f / 700), which is the scale of HTK. The triangles are linear in mel, as in Kaldi and TensorFlow.</summary>
    Kaldi,
}

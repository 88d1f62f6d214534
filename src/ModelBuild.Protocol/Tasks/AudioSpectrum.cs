namespace ModelBuild.Protocol;

/// <summary>Describes how samples become the spectra of frames.</summary>
/// <param name="FftLength">The length of the Fourier transform in samples, which is even.</param>
/// <param name="FrameLength">The number of samples of a frame, at most the length of the transform. The rest is 0.</param>
/// <param name="Hop">The number of samples from the start of a frame to the start of the next one.</param>
/// <param name="Window">The window.</param>
/// <param name="Centering">The positions of the frames.</param>
/// <param name="DropsLast">Whether the last frame is left out.</param>
/// <param name="Power">2 for the power spectrum, 1 for the magnitudes.</param>
/// <param name="RemovesMean">Whether the mean of each frame is subtracted from its samples.</param>
/// <param name="Preemphasis">The factor of the pre-emphasis in each frame; 0 for none.</param>
/// <param name="Mel">The mel bands; null if the elements of the spectrum stay as they are.</param>
internal sealed record AudioSpectrum(
    int FftLength,
    int FrameLength,
    int Hop,
    AudioWindow Window,
    AudioCentering Centering,
    bool DropsLast,
    int Power,
    bool RemovesMean,
    double Preemphasis,
    AudioMel? Mel
)
{
    /// <summary>Gets the number of values of each frame.</summary>
    public int Bands => Mel?.Bands ?? ((FftLength / 2) + 1);

    /// <summary>Gets the number of frames of a recording.</summary>
    /// <param name="samples">The number of samples.</param>
    public int Frames(int samples)
    {
        var frames =
            Centering != AudioCentering.None ? (samples / Hop) + 1
            : samples < FrameLength ? 0
            : ((samples - FrameLength) / Hop) + 1;
        return DropsLast ? Math.Max(frames - 1, 0) : frames;
    }
}

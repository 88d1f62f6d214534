namespace ModelBuild.Runtime.Sounds;

/// <summary>Computes the windows that the samples of frames are multiplied with.</summary>
internal static class FrameWindow
{
    private const double PoveyPower = 0.85;

    /// <summary>Computes the factors of the samples of a frame.</summary>
    /// <param name="window">The window.</param>
    /// <param name="length">The number of samples, at least 2.</param>
    public static float[] Create(AudioWindow window, int length) => [.. Enumerable.Range(0, length).Select(i => (float)Factor(window, i, length))];

    private static double Factor(AudioWindow window, int i, int length) =>
        window switch
        {
            AudioWindow.Hann => Cosine(0.5, i, length),
            AudioWindow.HannSymmetric => Cosine(0.5, i, length - 1),
            AudioWindow.Hamming => Cosine(0.54, i, length),
            AudioWindow.HammingSymmetric => Cosine(0.54, i, length - 1),
            AudioWindow.Povey => Math.Pow(Cosine(0.5, i, length - 1), PoveyPower),
            _ => 1,
        };

    // Returns the factor of a cosine window. It is at least 0, because a negative factor from rounding at the ends of a symmetric window has no power of 0.85.
    private static double Cosine(double mean, int i, int period) => Math.Max(mean - ((1 - mean) * Math.Cos(2 * Math.PI * i / period)), 0);
}

namespace ModelBuild.Compression.Verification;

/// <summary>Ratios in dB, bounded by <see cref="OutputFidelity.IdenticalDb"/>.</summary>
internal static class Decibels
{
    /// <summary>10 · log₁₀(signal / noise); −200 where there is no signal or the noise is not a number.</summary>
    public static double Of(double signal, double noise) =>
        noise == 0 ? OutputFidelity.IdenticalDb
        : double.IsNaN(noise) || signal == 0 ? -OutputFidelity.IdenticalDb
        : Math.Clamp(10 * Math.Log10(signal / noise), -OutputFidelity.IdenticalDb, OutputFidelity.IdenticalDb);
}

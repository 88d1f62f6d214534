namespace ModelBuild.Compression.Verification;

/// <summary>Computes ratios in dB, limited to ±<see cref="OutputFidelity.IdenticalDb"/>.</summary>
internal static class Decibels
{
    /// <summary>Returns 10 · log₁₀(signal / noise), or −200 when there is no signal or the noise is NaN.</summary>
    public static double Of(double signal, double noise) =>
        noise == 0 ? OutputFidelity.IdenticalDb
        : double.IsNaN(noise) || signal == 0 ? -OutputFidelity.IdenticalDb
        : Math.Clamp(10 * Math.Log10(signal / noise), -OutputFidelity.IdenticalDb, OutputFidelity.IdenticalDb);
}

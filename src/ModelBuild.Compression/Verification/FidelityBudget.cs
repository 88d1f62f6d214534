using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Verification;

/// <summary>How far the compressed model's answers may be from the original's.</summary>
/// <param name="MaxAccuracyLoss">Share (0…1) of top-1 accuracy, or of equal top-1 answers, that may be lost. For outputs that are class scores.</param>
/// <param name="MinSqnr">
/// The least signal-to-quantization-noise ratio in dB, for all other outputs, and for all outputs when inputs were made; null for the default of each
/// kind of output.
/// </param>
public sealed record FidelityBudget(double MaxAccuracyLoss = 0.01, double? MinSqnr = null)
{
    /// <summary>The least signal-to-quantization-noise ratio in dB where the project gives none.</summary>
    public const double DefaultSqnr = 30;

    /// <summary>The least mean cosine of vectors where the project gives no ratio.</summary>
    public const double LeastMeanCosine = 0.99;

    /// <summary>The least cosine of any vector where the project gives no ratio.</summary>
    public const double LeastCosine = 0.97;

    /// <summary>The least peak signal-to-noise ratio of pictures in dB where the project gives no ratio.</summary>
    public const double LeastPsnr = 35;

    /// <summary>The least signal-to-quantization-noise ratio in dB.</summary>
    public double LeastSqnr => MinSqnr ?? DefaultSqnr;

    /// <summary>Reads both figures as a project writes them.</summary>
    /// <param name="maxAccuracyLoss"><c>1%</c> or <c>0.01</c>; null or empty for the default.</param>
    /// <param name="minSqnr">Decibels, such as <c>30</c>; null or empty for the default.</param>
    /// <exception cref="CompressionException">MB1005: one is not a number, or out of range.</exception>
    public static FidelityBudget Parse(string? maxAccuracyLoss, string? minSqnr)
    {
        var budget = new FidelityBudget();
        if (!string.IsNullOrWhiteSpace(maxAccuracyLoss))
        {
            var text = maxAccuracyLoss.Trim();
            var isPercent = text.EndsWith('%');
            var share = Number(text.TrimEnd('%'), "MaxAccuracyLoss", text, "a share such as 1% or 0.01") / (isPercent ? 100 : 1);
            budget = share is >= 0 and <= 1
                ? budget with { MaxAccuracyLoss = share }
                : throw new CompressionException(Codes.UnknownOption, $"MaxAccuracyLoss='{text}' must lie between 0% and 100%.");
        }

        if (string.IsNullOrWhiteSpace(minSqnr))
            return budget;
        var number = minSqnr.Trim().Replace("dB", "", StringComparison.OrdinalIgnoreCase);
        return budget with { MinSqnr = Number(number, "MinSqnr", minSqnr, "a number of dB such as 30") };
    }

    private static double Number(string text, string option, string written, string what) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new CompressionException(Codes.UnknownOption, $"{option}='{written}' must be {what}.");
}

using System.Globalization;
using ModelBuild.Compression.Diagnostics;

namespace ModelBuild.Compression.Verification;

/// <summary>The allowed difference between the outputs of the compressed model and those of the original.</summary>
/// <param name="MaxAccuracyLoss">The share (0…1) of top-1 accuracy, or of equal top-1 classes, that may be lost. The share applies to class scores.</param>
/// <param name="MinSqnr">
/// The smallest signal-to-quantization-noise ratio in dB for all other outputs, and for all outputs with synthetic inputs; null for the default of each kind
/// of output.
/// </param>
internal sealed record FidelityBudget(double MaxAccuracyLoss = 0.01, double? MinSqnr = null)
{
    // The smallest loss without a percent sign that is refused as ambiguous. A loss without a percent sign is a share from 0 to 1. From this value on, the user
    // more likely means a percentage.
    private const double MinAmbiguous = 0.1;

    /// <summary>
    /// Whether negligible errors of probabilities pass although <see cref="MinSqnr"/> is set. This is true for ratios that the engine sets, and false for a
    /// ratio that the user sets.
    /// </summary>
    public bool SparesNegligible { get; init; }

    /// <summary>The smallest signal-to-quantization-noise ratio in dB when the project does not set one.</summary>
    public const double DefaultSqnr = 30;

    /// <summary>The smallest mean cosine of vectors when the project does not set a ratio.</summary>
    public const double MinMeanCosine = 0.99;

    /// <summary>The smallest cosine of any vector when the project does not set a ratio.</summary>
    public const double MinCosine = 0.97;

    /// <summary>The smallest peak signal-to-noise ratio of images in dB when the project does not set a ratio.</summary>
    public const double MinPsnr = 35;

    /// <summary>The smallest allowed signal-to-quantization-noise ratio in dB.</summary>
    public double LeastSqnr => MinSqnr ?? DefaultSqnr;

    /// <summary>Parses the settings <c>MaxAccuracyLoss</c> and <c>MinSqnr</c> of a project.</summary>
    /// <param name="maxAccuracyLoss"><c>1%</c>, or a share below 0.1 such as <c>0.01</c>; null or empty for the default.</param>
    /// <param name="minSqnr">A number of decibels such as <c>30</c>; null or empty for the default.</param>
    /// <exception cref="CompressionException">MB1005: a setting is not a number, out of range, or ambiguous.</exception>
    public static FidelityBudget Parse(string? maxAccuracyLoss, string? minSqnr)
    {
        var budget = new FidelityBudget();
        if (!string.IsNullOrWhiteSpace(maxAccuracyLoss))
        {
            var text = maxAccuracyLoss.Trim();
            var isPercent = text.EndsWith('%');
            var number = Number(isPercent ? text[..^1] : text, "MaxAccuracyLoss", text, "a share such as 1% or 0.01");
            if (!isPercent && number is >= MinAmbiguous and <= 100)
                throw Doubtful(text, number);
            var share = number / (isPercent ? 100 : 1);
            budget = share is >= 0 and <= 1
                ? budget with
                {
                    MaxAccuracyLoss = share,
                }
                : throw new CompressionException(Codes.UnknownOption, $"MaxAccuracyLoss='{text}' must lie between 0% and 100%.");
        }

        return string.IsNullOrWhiteSpace(minSqnr) ? budget : budget with { MinSqnr = Decibels(minSqnr.Trim()) };
    }

    private static CompressionException Doubtful(string text, double number)
    {
        string Short(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
        var (percent, share) = ($"{Short(number)}%", $"{Short(number * 100)}%");
        return new CompressionException(
            Codes.UnknownOption,
            $"MaxAccuracyLoss='{text}' may mean {Short(number)} % or the share {Short(number)}, which is {Short(number * 100)} %: "
                + $"write {percent} for the first{(number <= 1 ? $", {share} for the second" : "")}."
        );
    }

    private static double Decibels(string text)
    {
        var number = Number(text.EndsWith("dB", StringComparison.OrdinalIgnoreCase) ? text[..^2] : text, "MinSqnr", text, "a number of dB such as 30");
        return number is > 0 and < 1
            ? throw new CompressionException(
                Codes.UnknownOption,
                $"MinSqnr='{text}' is a number of dB, and at less than 1 dB errors may be as large as the outputs: "
                    + "write 30 for 30 dB; shares belong in MaxAccuracyLoss."
            )
            : number;
    }

    private static double Number(string text, string option, string written, string what) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new CompressionException(Codes.UnknownOption, $"{option}='{written}' must be {what}.");
}

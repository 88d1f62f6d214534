using System.Globalization;

namespace ModelBuild.Benchmarks.Compression.Bars;

/// <summary>The figures that a recipe should reach on a model without retraining.</summary>
/// <param name="Model">The model.</param>
/// <param name="Recipe">The recipe, fitted to the calibration images.</param>
internal sealed record Bar(string Model, string Recipe)
{
    /// <summary>The most accuracy that may be lost, in points; null for any.</summary>
    public double? Points { get; init; }

    /// <summary>Counts the points from what this recipe leaves, rather than from float32; empty for float32.</summary>
    public string After { get; init; } = "";

    /// <summary>A recipe that has to lose more; empty for none.</summary>
    public string Beats { get; init; } = "";

    /// <summary>The lowest factor by which multiply-adds decrease; 0 for no limit.</summary>
    public double Work { get; init; }

    /// <summary>The lowest factor by which parameters decrease; 0 for no limit.</summary>
    public double Parameters { get; init; }

    /// <summary>The lowest factor by which the zipped size decreases; 0 for no limit.</summary>
    public double Zipped { get; init; }

    /// <summary>The most of float32's bytes on disk; infinite for any size.</summary>
    public double File { get; init; } = double.PositiveInfinity;

    /// <summary>The least SQNR of the logits in dB; minus infinity for any.</summary>
    public double Decibels { get; init; } = double.NegativeInfinity;

    /// <summary>Whether it has to take less time than float32.</summary>
    public bool IsFaster { get; init; }

    /// <summary>The bar in words.</summary>
    public override string ToString()
    {
        var words = new List<string>();
        void Say(bool isAsked, FormattableString text)
        {
            if (isAsked)
                words.Add(text.ToString(CultureInfo.InvariantCulture));
        }

        Say(Work > 0, $"multiply-adds {Work:0.0} × fewer");
        Say(Parameters > 0, $"parameters {Parameters:0.#} × fewer");
        Say(Zipped > 0, $"zipped {Zipped:0} × smaller");
        Say(double.IsFinite(File), $"file ≤ {File:0.00}");
        Say(double.IsFinite(Decibels), $"≥ {Decibels:0} dB");
        Say(Points is not null, $"≤ {Points:0.0} points{(After.Length > 0 ? $" more than `{After}`" : "")}");
        Say(IsFaster, $"faster");
        Say(Beats.Length > 0, $"better than `{Beats}`");
        return string.Join(", ", words);
    }

    /// <summary>Whether the bar is held.</summary>
    /// <param name="reached">What its recipe reached.</param>
    /// <param name="of">What another recipe reached on the model.</param>
    public bool IsHeld(Reached reached, Func<string, Reached> of) =>
        (Points is null || reached.Points - (After.Length > 0 ? of(After).Points : 0) <= Points + Reached.Digit)
        && (Beats.Length == 0 || reached.Points < of(Beats).Points)
        && reached.Work >= Work
        && reached.Parameters >= Parameters
        && reached.Zipped >= Zipped
        && reached.File <= File
        && reached.Decibels >= Decibels
        && (!IsFaster || reached.Time < 1);
}

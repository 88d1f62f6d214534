using System.Globalization;

namespace ModelBuild.Benchmarks.Compression.Goals;

/// <summary>The figures that a recipe should reach on a model without retraining.</summary>
/// <param name="Model">The model.</param>
/// <param name="Recipe">The recipe, fitted to the calibration images.</param>
internal sealed record Goal(string Model, string Recipe)
{
    /// <summary>The largest allowed loss of accuracy in points; null for no limit.</summary>
    public double? Points { get; init; }

    /// <summary>The recipe with whose accuracy the loss is compared; empty to compare with float32.</summary>
    public string After { get; init; } = "";

    /// <summary>A recipe that must lose more accuracy; empty for none.</summary>
    public string Beats { get; init; } = "";

    /// <summary>The lowest factor by which multiply-adds decrease; 0 for no limit.</summary>
    public double Work { get; init; }

    /// <summary>The lowest factor by which parameters decrease; 0 for no limit.</summary>
    public double Parameters { get; init; }

    /// <summary>The lowest factor by which the zipped size decreases; 0 for no limit.</summary>
    public double Zipped { get; init; }

    /// <summary>The largest size on disk as a share of float32; infinite for no limit.</summary>
    public double File { get; init; } = double.PositiveInfinity;

    /// <summary>The lowest SQNR of the logits in dB; minus infinity for no limit.</summary>
    public double Decibels { get; init; } = double.NegativeInfinity;

    /// <summary>Whether the result must be faster than float32.</summary>
    public bool IsFaster { get; init; }

    /// <summary>Returns the goal as text.</summary>
    public override string ToString()
    {
        var limits = new List<string>();
        void Add(bool isSet, FormattableString text)
        {
            if (isSet)
                limits.Add(text.ToString(CultureInfo.InvariantCulture));
        }

        Add(Work > 0, $"multiply-adds {Work:0.0} × fewer");
        Add(Parameters > 0, $"parameters {Parameters:0.#} × fewer");
        Add(Zipped > 0, $"zipped {Zipped:0} × smaller");
        Add(double.IsFinite(File), $"file ≤ {File:0.00}");
        Add(double.IsFinite(Decibels), $"≥ {Decibels:0} dB");
        Add(Points is not null, $"≤ {Points:0.0} points{(After.Length > 0 ? $" more than `{After}`" : "")}");
        Add(IsFaster, $"faster");
        Add(Beats.Length > 0, $"better than `{Beats}`");
        return string.Join(", ", limits);
    }

    /// <summary>Whether the result reaches the goal.</summary>
    /// <param name="reached">The figures of the recipe.</param>
    /// <param name="of">Returns the figures of another recipe on the model.</param>
    public bool IsReached(Reached reached, Func<string, Reached> of) =>
        (Points is null || reached.Points - (After.Length > 0 ? of(After).Points : 0) <= Points + Reached.Digit)
        && (Beats.Length == 0 || reached.Points < of(Beats).Points)
        && reached.Work >= Work
        && reached.Parameters >= Parameters
        && reached.Zipped >= Zipped
        && reached.File <= File
        && reached.Decibels >= Decibels
        && (!IsFaster || reached.Time < 1);
}

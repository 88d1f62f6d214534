namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>How much running the models of a sweep takes.</summary>
internal static class SweepWork
{
    private const int MinCalls = 4;

    /// <summary>How many calls a sweep runs.</summary>
    /// <param name="budget">What bounds it.</param>
    /// <param name="call">Multiply-adds of one call of the model.</param>
    /// <param name="available">How many calls there are.</param>
    public static int Calls(RowBudget budget, double call, int available) =>
        Math.Min(available, (int)Math.Clamp(budget.Runs / (Math.Max(1, call) * LayerStages.Passes), MinCalls, LayerStages.MaxCalls));

    /// <summary>The multiply-adds of all its runs; see <see cref="Calls"/> for the parameters.</summary>
    public static double Of(RowBudget budget, double call, int available) => call * LayerStages.Passes * Calls(budget, call, available);
}

namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>Computes the number of calls and of multiply-adds for running the models of a sweep.</summary>
internal static class SweepWork
{
    private const int MinCalls = 4;

    /// <summary>Returns the number of calls of a sweep that the budget allows.</summary>
    /// <param name="budget">The budget that limits the work.</param>
    /// <param name="call">The number of multiply-adds of one call of the model.</param>
    /// <param name="available">The number of available calls.</param>
    public static int Calls(RowBudget budget, double call, int available) =>
        Math.Min(available, (int)Math.Clamp(budget.Runs / (Math.Max(1, call) * WavefrontSweep.Passes), MinCalls, WavefrontSweep.MaxCalls));

    /// <summary>Returns the number of multiply-adds of all runs. The parameters are those of <see cref="Calls"/>.</summary>
    public static double Of(RowBudget budget, double call, int available) => call * WavefrontSweep.Passes * Calls(budget, call, available);
}

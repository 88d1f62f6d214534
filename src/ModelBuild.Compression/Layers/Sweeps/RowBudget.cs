namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>
/// Determines how many rows of a layer are sampled. Only the number of inputs of the layer counts, so that the same layer is always fitted to the same rows.
/// </summary>
/// <param name="OfInput">The number of rows for each input.</param>
/// <param name="Least">The smallest number of rows.</param>
/// <param name="Most">The largest number of rows.</param>
/// <param name="Work">
/// The number of multiply-adds for the products of the rows. A layer with many inputs gets fewer rows than <paramref name="Least"/> only if this limit
/// requires it.
/// </param>
/// <param name="Runs">The number of multiply-adds for running both models. A large model is measured on fewer samples.</param>
/// <param name="HoldsOutRows">Whether some rows are held out to decide about changes of the layer.</param>
internal sealed record RowBudget(int OfInput, int Least, int Most, double Work, double Runs, bool HoldsOutRows)
{
    // The largest number of inputs for which the products of inputs are summed. The matrix of the sums then takes 42 MB.
    private const int MaxSummedInputs = 2304;

    // The work of a solver that gets the sampled rows, relative to that of a solver that gets the sums of their products.
    private const int RowsCost = 4;

    // The largest number of rows of a layer that are held out to decide about changes.
    private const int MaxHeldOut = 512;

    /// <summary>
    /// The budget of steps that solve quantized layers: rounding errors need few rows, and a change must reduce the error on held-out rows.
    /// </summary>
    public static RowBudget Recovery { get; } = new(OfInput: 8, Least: 512, Most: 8192, Work: 8e9, Runs: 1e11, HoldsOutRows: true);

    /// <summary>The budget of steps that remove parts of a layer and solve the rest: least squares with a weak ridge needs many rows.</summary>
    public static RowBudget Reduction { get; } = new(OfInput: 1 << 16, Least: 1, Most: 1 << 16, Work: 4e10, Runs: 2e12, HoldsOutRows: false);

    /// <summary>Returns the number of rows that are sampled for a layer.</summary>
    /// <param name="inputs">K, the number of inputs.</param>
    public long Wanted(long inputs)
    {
        var wanted = Math.Clamp((double)OfInput * inputs, Least, Most);
        // The number R of rows with K inputs is limited by the work. Summing products of inputs costs K² R multiply-adds. Solving with stored rows costs at
        // least K R² multiply-adds.
        var affordable =
            !HoldsOutRows ? Math.Max(Work / ((double)inputs * inputs), 2 * inputs)
            : inputs <= MaxSummedInputs ? Work / ((double)inputs * inputs)
            : Math.Sqrt(Work / RowsCost / inputs);
        return (long)Math.Max(1, Math.Min(wanted, affordable));
    }

    /// <summary>Returns whether rows are kept instead of their products, because there are fewer rows than inputs.</summary>
    /// <param name="inputs">K, the number of inputs.</param>
    public bool KeepsRows(long inputs) => HoldsOutRows && inputs > MaxSummedInputs && Wanted(inputs) < inputs;

    /// <summary>Returns the number of rows of a layer that are held out, to decide about changes of the layer.</summary>
    /// <param name="inputs">K, the number of inputs.</param>
    public long HeldOut(long inputs) => Math.Min(MaxHeldOut, Math.Max(1, Wanted(inputs) / 2));
}

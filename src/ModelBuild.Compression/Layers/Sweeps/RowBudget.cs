namespace ModelBuild.Compression.Layers.Sweeps;

/// <summary>How many rows of a layer are taken, by its number of inputs alone, so that the same layer is always fitted to the same rows.</summary>
/// <param name="OfInput">Rows for each input.</param>
/// <param name="Least">The least number of rows that is wanted.</param>
/// <param name="Most">The greatest number of rows that is wanted.</param>
/// <param name="Work">Multiply-adds that their products may take; a layer of many inputs gets fewer rows than <paramref name="Least"/> only where
/// this asks for it.</param>
/// <param name="Runs">Multiply-adds that running both models may take: a large model is measured on fewer samples.</param>
/// <param name="IsJudged">Whether some rows are held out, on which changes of the layer are accepted.</param>
internal sealed record RowBudget(int OfInput, int Least, int Most, double Work, double Runs, bool IsJudged)
{
    // Inputs up to which sums of products are made: their matrix takes 42 MB.
    private const int MostSummedInputs = 2304;

    // How many times as much work is done with rows as with sums of products of them.
    private const int RowsCost = 4;

    // Rows on which a change of a layer is accepted.
    private const int MostHeldOut = 512;

    /// <summary>For steps that solve quantized layers again: errors of rounding need few rows, and a change is accepted on rows that were held out.</summary>
    public static RowBudget Recovery { get; } = new(OfInput: 8, Least: 512, Most: 8192, Work: 8e9, Runs: 1e11, IsJudged: true);

    /// <summary>For steps that take parts of a layer away and solve the rest: least squares with a weak ridge needs many rows.</summary>
    public static RowBudget Reduction { get; } = new(OfInput: 1 << 16, Least: 1, Most: 1 << 16, Work: 4e10, Runs: 2e12, IsJudged: false);

    /// <summary>How many rows are wanted for a layer.</summary>
    /// <param name="inputs">K.</param>
    public long Wanted(long inputs)
    {
        var wanted = Math.Clamp((double)OfInput * inputs, Least, Most);
        // Sums of products of inputs take K² R; where the rows are kept, what is done with them takes K R² and more.
        var affordable =
            !IsJudged ? Math.Max(Work / ((double)inputs * inputs), 2 * inputs)
            : inputs <= MostSummedInputs ? Work / ((double)inputs * inputs)
            : Math.Sqrt(Work / RowsCost / inputs);
        return (long)Math.Max(1, Math.Min(wanted, affordable));
    }

    /// <summary>Whether the rows themselves are kept, because they are fewer than the inputs.</summary>
    /// <param name="inputs">K.</param>
    public bool KeepsRows(long inputs) => IsJudged && inputs > MostSummedInputs && Wanted(inputs) < inputs;

    /// <summary>How many rows are held out.</summary>
    /// <param name="inputs">K.</param>
    public long HeldOut(long inputs) => Math.Min(MostHeldOut, Math.Max(1, Wanted(inputs) / 2));
}

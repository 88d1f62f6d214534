using ModelBuild.Compression.Randomness;

namespace ModelBuild.Compression.Training.Data;

/// <summary>
/// Divides rows into those that are trained on and those that are held out to choose the best state. In a random order of the rows, every tenth is held out,
/// until <see cref="MaxHeldOut"/> are. Of two to nine rows, the last is held out; a single row is trained on.
/// </summary>
/// <param name="Training">The rows that are trained on, in ascending order.</param>
/// <param name="HeldOut">The rows that are held out, in ascending order.</param>
internal sealed record RowDivision(int[] Training, int[] HeldOut)
{
    /// <summary>The distance between held-out rows in the random order.</summary>
    public const int Stride = 10;

    /// <summary>The largest number of held-out rows.</summary>
    public const int MaxHeldOut = 2000;

    /// <summary>Divides a number of rows.</summary>
    /// <param name="rows">The number of rows.</param>
    /// <param name="seed">The seed of the order.</param>
    public static RowDivision Of(int rows, ulong seed)
    {
        var order = Permutation.Create(rows, seed);
        var stride = Math.Clamp(rows, 2, Stride);
        var (training, heldOut) = (new List<int>(rows), new List<int>());
        for (var i = 0; i < rows; i++)
            (i % stride == stride - 1 && heldOut.Count < MaxHeldOut ? heldOut : training).Add(order[i]);
        return new RowDivision([.. training.Order()], [.. heldOut.Order()]);
    }

    /// <summary>Returns rows of a separate validation source: all, or a random choice of <see cref="MaxHeldOut"/>.</summary>
    /// <param name="rows">The number of rows of the source.</param>
    /// <param name="seed">The seed of the choice.</param>
    public static int[] Validation(int rows, ulong seed) => [.. Permutation.Create(rows, seed).Take(MaxHeldOut).Order()];
}

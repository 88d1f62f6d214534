namespace ModelBuild.Benchmarks.Compression.Bars;

/// <summary>The figures of a recipe's result, relative to float32.</summary>
/// <param name="Points">Accuracy lost on the test images, in points.</param>
/// <param name="Decibels">SQNR of the logits on them.</param>
/// <param name="Work">How many times fewer multiply-adds.</param>
/// <param name="Parameters">How many times fewer parameters.</param>
/// <param name="File">The share of the bytes on disk.</param>
/// <param name="Zipped">How many times smaller when zipped.</param>
/// <param name="Time">The share of the time of one image.</param>
internal sealed record Reached(double Points, double Decibels, double Work, double Parameters, double File, double Zipped, double Time)
{
    /// <summary>Less than one image of a test set, in points.</summary>
    public const double Digit = 0.001;

    /// <summary>Reads what was measured.</summary>
    /// <param name="measured">A result.</param>
    /// <param name="time">The share of the time of one image.</param>
    public static Reached Of(Measured measured, double time)
    {
        var (receipt, worst) = (measured.Receipt!, measured.Worst!);
        return new Reached(
            100 * worst.Accuracy!.Loss,
            worst.SqnrDb,
            Times(receipt.Original.MultiplyAdds, receipt.Compressed.MultiplyAdds),
            Times(receipt.Original.Parameters, receipt.Compressed.Parameters),
            (double)receipt.Compressed.Bytes / receipt.Original.Bytes,
            Times(receipt.Original.ZippedBytes, receipt.Compressed.ZippedBytes),
            time
        );
    }

    // As it is printed: half of the units is half of the parameters but for a bias.
    private static double Times(long before, long after) => Math.Round((double)before / after, 2);
}

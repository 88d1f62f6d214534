namespace ModelBuild.Benchmarks.Compression.Goals;

/// <summary>The figures of a recipe's result, relative to float32.</summary>
/// <param name="Points">The loss of accuracy on the test images, in points.</param>
/// <param name="Decibels">The SQNR of the logits on the test images, in dB.</param>
/// <param name="Work">The factor by which multiply-adds decrease.</param>
/// <param name="Parameters">The factor by which parameters decrease.</param>
/// <param name="File">The bytes on disk, as a share of those of float32.</param>
/// <param name="Zipped">The factor by which the zipped size decreases.</param>
/// <param name="Time">The time of one image, as a share of that of float32.</param>
internal sealed record Reached(double Points, double Decibels, double Work, double Parameters, double File, double Zipped, double Time)
{
    /// <summary>A difference in points that is smaller than one image of a test set.</summary>
    public const double Digit = 0.001;

    /// <summary>Returns the figures of a measured result.</summary>
    /// <param name="measured">The result.</param>
    /// <param name="time">The time of one image, as a share of that of float32.</param>
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

    // The factor is rounded as it is printed, because a layer with half of the units has half of the parameters except for the bias.
    private static double Times(long before, long after) => Math.Round((double)before / after, 2);
}

using System.Numerics.Tensors;

namespace ModelBuild.Runtime.Sounds;

/// <summary>Applies the steps of a description that follow the spectrum: the logarithm and the normalizations.</summary>
internal static class FeatureValues
{
    private const double NemoEpsilon = 1e-5;

    /// <summary>Applies the logarithm and the normalizations of a description to spectra.</summary>
    /// <param name="description">The description.</param>
    /// <param name="features">The spectra.</param>
    public static void Apply(AudioDescription description, in FeatureTensor features)
    {
        if (description.Log is { } log)
            TakeLogarithm(log, description.Spectrum!.Power, features);
        if (description.Bands != BandNormalization.None)
            for (var band = 0; band < features.Bands; band++)
                NormalizeBand(description.Bands, features, band);
        features.ClearPadding();
        if (description.Mean != 0)
            TensorPrimitives.Subtract(features.All, (float)description.Mean, features.All);
        if (description.Std != 1)
            TensorPrimitives.Divide(features.All, (float)description.Std, features.All);
    }

    private static void TakeLogarithm(AudioLog log, int power, in FeatureTensor features)
    {
        var max = float.NegativeInfinity;
        for (var row = 0; row < features.Rows; row++)
        {
            var values = features.Row(row);
            if (log.IsAdded)
                TensorPrimitives.Add(values, (float)log.Floor, values);
            else
                TensorPrimitives.Max(values, (float)log.Floor, values);
            if (log.Kind == AudioLogKind.Natural)
                TensorPrimitives.Log(values, values);
            else
                TensorPrimitives.Log10(values, values);
            if (log.Kind == AudioLogKind.Decibels)
                TensorPrimitives.Multiply(values, power == 2 ? 10f : 20f, values);
            if (log.Range is not null)
                max = MathF.Max(max, TensorPrimitives.Max<float>(values));
        }

        if (log.Range is not { } range)
            return;
        for (var row = 0; row < features.Rows; row++)
        {
            var values = features.Row(row);
            TensorPrimitives.Max(values, max - (float)range, values);
            if (log.Kind == AudioLogKind.Whisper)
            {
                TensorPrimitives.Add(values, 4f, values);
                TensorPrimitives.Multiply(values, 0.25f, values);
            }
        }
    }

    private static void NormalizeBand(BandNormalization normalization, in FeatureTensor features, int band)
    {
        var values = features.Band(band);
        var (count, step) = (features.ValidFrames, features.FrameStep);
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            sum += values[i * step];
        var mean = sum / count;
        var squares = 0.0;
        for (var i = 0; i < count; i++)
            squares += (values[i * step] - mean) * (values[i * step] - mean);
        // A single frame has no standard deviation, so the divisor is only the small constant.
        var deviation =
            normalization == BandNormalization.Mean ? 1
            : count == 1 ? NemoEpsilon
            : Math.Sqrt(squares / (count - 1)) + NemoEpsilon;
        for (var i = 0; i < count; i++)
            values[i * step] = (float)((values[i * step] - mean) / deviation);
    }
}

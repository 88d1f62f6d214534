using System.Runtime.InteropServices;
using ModelBuild.Compression.Calibration.Statistics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Passes.Quantization.Dynamic;
using ModelBuild.Compression.Passes.Quantization.Static;

namespace ModelBuild.Compression.Passes.Quantization.Equalization;

/// <summary>Simulates the quantization of the activation between two layers.</summary>
/// <param name="seam">The layers.</param>
/// <param name="statistics">The statistics of the activation for each channel.</param>
/// <param name="format">The format of the quantized activation.</param>
internal sealed class SeamRounding(Seam seam, TensorStatistics statistics, SeamFormat format)
{
    /// <summary>Divides the channels of an activation by factors, quantizes it, and multiplies it by the factors again.</summary>
    /// <param name="values">The activation in one call, which is modified.</param>
    /// <param name="factors">The factors.</param>
    /// <param name="bound">The bound at which a Clip cuts off the divided channels.</param>
    public void Apply(SampleArray values, double[] factors, double bound)
    {
        var floats = MemoryMarshal.Cast<byte, float>(values.Data.AsSpan());
        var inner = seam.Producer.Spatial > 0 ? (int)SampleArray.Count(values.Shape.AsSpan(2)) : 1;
        for (var i = 0; i < floats.Length; i++)
            floats[i] = (float)Math.Min(floats[i] / factors[i / inner % factors.Length], bound);
        var codes = format.CodesOf(seam.Consumer.Node);
        if (codes != ActivationCodes.None)
            Round(floats, inner, factors, codes);
        for (var i = 0; i < floats.Length; i++)
            floats[i] = (float)(floats[i] * factors[i / inner % factors.Length]);
    }

    private void Round(Span<float> floats, int inner, double[] factors, ActivationCodes codes)
    {
        var inFloat = new bool[factors.Length];
        if (codes == ActivationCodes.OfCall)
            foreach (var column in OutlierColumns.Find([.. factors.Select((factor, channel) => Largest(channel) / factor)], format.Outliers))
                inFloat[column] = true;
        var (least, greatest) = (0f, 0f);
        if (codes == ActivationCodes.Calibrated)
            for (var channel = 0; channel < factors.Length; channel++)
            {
                least = Math.Min(least, (float)(statistics.ChannelMin![channel] / factors[channel]));
                greatest = Math.Max(greatest, (float)(statistics.ChannelMax![channel] / factors[channel]));
            }
        else
            for (var i = 0; i < floats.Length; i++)
                if (!inFloat[i / inner % factors.Length])
                    (least, greatest) = (Math.Min(least, floats[i]), Math.Max(greatest, floats[i]));

        var form = format.Settings(seam.Consumer.Node).Form;
        var affine = Affine.Cover(form.Type, least, greatest, form.IsSymmetric);
        for (var i = 0; i < floats.Length; i++)
            if (!inFloat[i / inner % factors.Length])
                floats[i] = (affine.Code(floats[i]) - affine.ZeroPoint) * affine.Scale;
    }

    private double Largest(int channel) => Math.Max(Math.Abs((double)statistics.ChannelMin![channel]), Math.Abs((double)statistics.ChannelMax![channel]));
}

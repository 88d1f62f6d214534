using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Calibration;

/// <summary>
/// Finds values in calibration data that make fits and measurements useless. NaN and infinity are valid if the original computes finite outputs from them:
/// decision trees take NaN for a missing value, and additive masks hold minus infinity.
/// </summary>
internal static class SampleFaults
{
    /// <summary>Checks the inputs, outputs and labels of one call for values that make fits and measurements useless.</summary>
    /// <param name="sample">The inputs and labels of the call.</param>
    /// <param name="outputs">The outputs of the original for the call.</param>
    /// <param name="classes">The number of classes that labels may name; null when it is unknown.</param>
    /// <exception cref="CompressionException">MB1019: an input and an output are not finite, or a label is not a class of the model.</exception>
    public static void Check(Sample sample, IReadOnlyList<OutputValues> outputs, long? classes = null)
    {
        if (NonFinite(sample) is { } fault && outputs.Any(output => output.IsFloat && output.Numbers.Any(value => !double.IsFinite(value))))
            throw Fault(
                sample,
                $"its array '{fault.Input}' holds {fault.Value} in row {fault.Row}, and the model's outputs for it are not finite: "
                    + "remove the row, or prepare it as the application does"
            );
        if (sample.Labels is not { } labels)
            return;
        foreach (var (row, label) in labels.Index())
            CheckLabel(sample, row, label, classes);
    }

    /// <summary>Checks the inputs of all calls. The original runs only on calls with NaN or infinity.</summary>
    /// <param name="samples">The calls.</param>
    /// <param name="model">The path of the original.</param>
    /// <param name="cancellationToken">Cancels the check and a running call.</param>
    /// <exception cref="CompressionException">MB1019: an input and an output are not finite.</exception>
    public static void Check(ISampleSource samples, string model, CancellationToken cancellationToken)
    {
        ModelRunner? runner = null;
        try
        {
            foreach (var sample in samples.Read(cancellationToken).Where(sample => NonFinite(sample) is not null))
                Check(sample with { Labels = null }, (runner ??= new ModelRunner(Sessions.Open(model))).Run(sample, cancellationToken));
        }
        catch (OnnxRuntimeException exception)
        {
            throw new CompressionException(
                Codes.CalibrationData,
                $"The model does not run on the calibration data: {Sessions.Reason(exception)}",
                inner: exception
            );
        }
        finally
        {
            runner?.Dispose();
        }
    }

    private static (string Input, string Value, long Row)? NonFinite(Sample sample)
    {
        foreach (var (name, array) in sample.Inputs)
        {
            var fault = array.Type switch
            {
                DataType.Float => TensorPrimitives.IsFiniteAll(array.Floats) ? null : First<float>(array, value => value),
                DataType.Double => First<double>(array, value => value),
                DataType.Float16 => First<Half>(array, value => (double)value),
                DataType.Bfloat16 => First<ushort>(array, value => BitConverter.UInt32BitsToSingle((uint)value << 16)),
                _ => null,
            };
            if (fault is var (index, count, value))
                return (name, value.ToString(CultureInfo.InvariantCulture), sample.FirstRow + index * sample.Rows / count);
        }

        return null;
    }

    private static (long Index, long Count, double Value)? First<T>(SampleArray array, Func<T, double> widen)
        where T : unmanaged
    {
        var values = MemoryMarshal.Cast<byte, T>(array.Data);
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(widen(values[i])))
                return (i, values.Length, widen(values[i]));
        return null;
    }

    private static void CheckLabel(Sample sample, long row, long label, long? classes)
    {
        if (label < 0 || label >= classes)
            throw Fault(
                sample,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"its array '{ArraySamples.LabelKey}' holds {label} in row {sample.FirstRow + row}, and "
                        + $"{(classes is { } count ? $"the model has the classes 0 to {count - 1}" : "classes count from 0")}"
                )
            );
    }

    private static CompressionException Fault(Sample sample, string what) =>
        new(Codes.CalibrationData, $"The calibration data cannot be used: {what}.", sample.File);
}

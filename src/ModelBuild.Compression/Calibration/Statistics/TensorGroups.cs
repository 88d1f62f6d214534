using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Calibration.Statistics;

/// <summary>
/// Which tensors are collected in one run of the data: together they take about 128 MB in one call, so that memory does not grow with the depth of the model.
/// The groups depend on the model and the first call alone, never on how many calls run side by side: an output more changes what ONNX Runtime fuses, and so the last bits.
/// </summary>
internal static class TensorGroups
{
    private const long MaxBytes = 128 << 20;

    /// <summary>The groups in graph order, so that the nodes behind a group need not run for it.</summary>
    public static IReadOnlyList<TensorGroup> Plan(OnnxModel model, IReadOnlyList<string> tensors, Sample first)
    {
        var inputs = first.Inputs.ToDictionary(input => input.Key, input => input.Value.Shape, StringComparer.Ordinal);
        var bytes = ShapeInference.Infer(model, inputs, tensors).ToDictionary(shape => shape.Key, shape => sizeof(float) * SampleArray.Count(shape.Value), StringComparer.Ordinal);
        // A size that depends on the data is taken for one of the large ones.
        var unknown = bytes.Count == 0 ? MaxBytes / 16 : Math.Min(MaxBytes, bytes.Values.Max());
        var groups = new List<TensorGroup>();
        var (members, sum) = (new List<string>(), 0L);
        foreach (var tensor in tensors)
        {
            var size = bytes.GetValueOrDefault(tensor, unknown);
            if (members.Count > 0 && sum + size > MaxBytes)
            {
                groups.Add(new TensorGroup(members, sum));
                (members, sum) = ([], 0);
            }

            members.Add(tensor);
            sum += size;
        }

        if (members.Count > 0)
            groups.Add(new TensorGroup(members, sum));
        return groups;
    }
}

using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Losses;

/// <summary>
/// A linear map from the channels of a value of the model to those of the teacher. It is trained together with the model, and is no part of the result. The
/// training graph reads its weights from a constant that is added to the copy of the model.
/// </summary>
internal sealed class FeatureMap : TrainedValue
{
    private readonly bool _isConvolution;

    /// <summary>Creates a map with random weights, and adds them to the graph of the copy.</summary>
    /// <param name="student">The copy of the model.</param>
    /// <param name="pair">The values.</param>
    /// <param name="seed">The seed of the weights.</param>
    public FeatureMap(DescribedGraph student, FeaturePair pair, ulong seed)
    {
        var sizes = student.Sizes(pair.Value)!;
        _isConvolution = pair.ChannelAxis == 1 && sizes.Length > 2;
        var (from, to) = (sizes[pair.ChannelAxis], pair.Teacher.Sizes[pair.ChannelAxis]);
        long[] shape = _isConvolution ? [to, from, .. Enumerable.Repeat(1L, sizes.Length - 2)] : [from, to];
        var random = new SplitMix64(seed);
        var values = new float[from * to];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)(random.NextNormal() / Math.Sqrt(from));
        Input = new Parameter(student.Graph.FreshName($"map of {pair.Value}"), shape, values);
        student.Graph.AddInitializer(Tensors.Create(Input.Name, shape, values));
    }

    public override Parameter Input { get; }

    public override Parameter Free => Input;

    public override void Compute() { }

    public override void Collect() { }

    public override IEnumerable<TensorProto> Constants() => [];

    /// <summary>Adds the map of a value to a training graph, and returns the name of its output.</summary>
    public string Append(LossGraph graph, string value) => graph.Emit(_isConvolution ? "Conv" : "MatMul", [value, Input.Name]);
}

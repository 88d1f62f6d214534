using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>Multiplies blocks of rows with ONNX Runtime's matrix kernels: Xᵀ X and Yᵀ X in float32. One serves any number of accumulators and threads.</summary>
internal sealed class MomentProducts : IDisposable
{
    private static readonly string[] Inputs = ["x", "y"];
    private static readonly string[] Outputs = ["gram", "cross"];
    private static readonly InferredTensor Matrix = new(TensorProto.Types.DataType.Float, [-1, -1]);

    private readonly InferenceSession _session = Sessions.OpenUnoptimized(Model());

    /// <summary>Adds the products of <paramref name="rows"/> rows to sums in float64.</summary>
    /// <param name="x">[rows, K].</param>
    /// <param name="y">[rows, N].</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="gram">[K, K].</param>
    /// <param name="cross">[N, K].</param>
    public void Add(Memory<float> x, Memory<float> y, int rows, double[] gram, double[] cross)
    {
        using var xs = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, x, [rows, x.Length / rows]);
        using var ys = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, y, [rows, y.Length / rows]);
        using var options = new RunOptions();
        using var products = _session.Run(options, Inputs, [xs, ys], Outputs);
        AddTo(gram, products[0].GetTensorDataAsSpan<float>());
        AddTo(cross, products[1].GetTensorDataAsSpan<float>());
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static void AddTo(double[] sums, ReadOnlySpan<float> products)
    {
        for (var i = 0; i < products.Length; i++)
            sums[i] += products[i];
    }

    private static OnnxModel Model()
    {
        var graph = new GraphProto { Name = "moments" };
        graph.Input.Add(Inputs.Select(Matrix.Declare));
        graph.Output.Add(Outputs.Select(Matrix.Declare));
        graph.Node.Add(Nodes.Create("Gemm", ["x", "x"], ["gram"], attributes: ("transA", 1L)));
        graph.Node.Add(Nodes.Create("Gemm", ["y", "x"], ["cross"], attributes: ("transA", 1L)));
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });
        return new OnnxModel(model);
    }
}

using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>Computes what weights answer to rows, X Wᵀ, with ONNX Runtime's matrix kernels in float32. One serves any number of threads.</summary>
internal sealed class RowAnswers : IDisposable
{
    private static readonly string[] Inputs = ["x", "w"];
    private static readonly string[] Outputs = ["y"];
    private static readonly InferredTensor Matrix = new(TensorProto.Types.DataType.Float, [-1, -1]);

    private readonly InferenceSession _session = Sessions.OpenUnoptimized(Model());

    /// <summary>X Wᵀ [rows, N].</summary>
    /// <param name="x">X [rows, K].</param>
    /// <param name="weights">W [N, K].</param>
    /// <param name="inputs">K.</param>
    public float[] Of(Memory<float> x, Memory<float> weights, int inputs)
    {
        using var xs = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, x, [x.Length / inputs, inputs]);
        using var ws = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, weights, [weights.Length / inputs, inputs]);
        using var options = new RunOptions();
        using var answers = _session.Run(options, Inputs, [xs, ws], Outputs);
        return answers[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private static OnnxModel Model()
    {
        var graph = new GraphProto { Name = "answers" };
        graph.Input.Add(Inputs.Select(Matrix.Declare));
        graph.Output.Add(Outputs.Select(Matrix.Declare));
        graph.Node.Add(Nodes.Create("Gemm", Inputs, Outputs, attributes: ("transB", 1L)));
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });
        return new OnnxModel(model);
    }
}

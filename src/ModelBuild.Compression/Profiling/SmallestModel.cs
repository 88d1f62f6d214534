using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Profiling;

/// <summary>A model of one node. It is loaded and run before another model is measured, so that the start of ONNX Runtime itself is not measured.</summary>
internal static class SmallestModel
{
    private const int IrVersion = 8;
    private const int Opset = 17;

    /// <summary>Loads the model of one node and runs it once.</summary>
    public static void Run(CancellationToken cancellationToken)
    {
        var model = new OnnxModel(
            new ModelProto
            {
                IrVersion = IrVersion,
                OpsetImport = { new OperatorSetIdProto { Version = Opset } },
                Graph = new GraphProto
                {
                    Name = "smallest",
                    Node = { Nodes.Create("Neg", ["x"], ["y"]) },
                    Input = { new InferredTensor(DataType.Float, [1]).Declare("x") },
                    Output = { new InferredTensor(DataType.Float, [1]).Declare("y") },
                },
            }
        );
        using var runner = new ModelRunner(Sessions.OpenPortable(model));
        var one = new SampleArray(DataType.Float, [1], BitConverter.GetBytes(1f));
        runner.Run(new Sample(new Dictionary<string, SampleArray>(StringComparer.Ordinal) { ["x"] = one }, Labels: null), cancellationToken);
    }
}

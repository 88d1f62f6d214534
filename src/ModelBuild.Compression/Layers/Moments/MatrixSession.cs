using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers.Moments;

/// <summary>Multiplies two float32 matrices with ONNX Runtime's kernels. Several threads may use one session.</summary>
internal sealed class MatrixSession : IDisposable
{
    private static readonly InferredTensor Matrix = new(TensorProto.Types.DataType.Float, [-1, -1]);

    private readonly InferenceSession _session;

    /// <summary>Opens a session of ONNX Runtime that multiplies two matrices.</summary>
    /// <param name="first">The name of the first matrix.</param>
    /// <param name="second">The name of the second matrix.</param>
    /// <param name="products">The nodes that multiply the matrices. The first output of each node is an output of the session.</param>
    public MatrixSession(string first, string second, params NodeProto[] products)
    {
        var graph = new GraphProto { Name = "products" };
        graph.Input.Add([Matrix.Declare(first), Matrix.Declare(second)]);
        graph.Output.Add(products.Select(product => Matrix.Declare(product.Output[0])));
        graph.Node.Add(products);
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = 13 });
        _session = Sessions.OpenUnoptimized(new OnnxModel(model));
    }

    /// <summary>Multiplies two matrices and returns the products in the order of the nodes.</summary>
    /// <param name="first">The first matrix in row-major order.</param>
    /// <param name="columns">The number of columns of the first matrix.</param>
    /// <param name="second">The second matrix in row-major order.</param>
    /// <param name="secondColumns">The number of columns of the second matrix.</param>
    public IDisposableReadOnlyCollection<OrtValue> Run(Memory<float> first, int columns, Memory<float> second, int secondColumns)
    {
        using var x = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, first, [first.Length / columns, columns]);
        using var y = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, second, [second.Length / secondColumns, secondColumns]);
        using var options = new RunOptions();
        return _session.Run(options, _session.InputNames, [x, y], _session.OutputNames);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}

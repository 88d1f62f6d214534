using ModelBuild.Cli.Tests.Support;
using ModelBuild.Runtime;

namespace ModelBuild.Cli.Tests;

/// <summary>Inputs that a running application recorded are calibration data.</summary>
public sealed class RecordedDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recorded_rows_of_several_shapes_are_calibration_data()
    {
        new Net().Input("x", -1, -1, 8).Weight("w", 8, 4).Node("MatMul", "x w", "y").Output("y").Save(_folder.File("model.onnx"));
        var contract = new ModelContract(
            "Product",
            "model.onnx",
            "",
            ModelLocation.None,
            [],
            [TensorContract.Of("x", "float32", "batch", "length", 8)],
            [TensorContract.Of("y", "float32", "batch", "length", 4)],
            [ShapeVariable.FromCaller(0, 1), ShapeVariable.FromLength(0, 0, 0)]
        );
        using (var host = ModelHost.Fake(contract, _ => { }))
        {
            host.Record(_folder.File("data/real.npz"), max: 30);
            for (var i = 0; i < 40; i++)
                Run(host, [2, i % 4 == 0 ? 5 : 3, 8]);
        }

        var result = Program().Run("calibrate", "model.onnx", "--calibration-data", "data/real*.npz");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"│\s+30 │", result.Output);
        Assert.Equal(["data", "data/real.2.npz", "data/real.npz", "model.calibration.json", "model.onnx"], _folder.Names());
        var compressed = Program().Run("compress", "model.onnx", "--calibration-data", "data/real.npz", "--compression", "int8-weights", "--json");
        Assert.Equal(0, compressed.ExitCode);
    }

    [Fact]
    public void Recorded_calls_without_a_batch_are_calibration_data()
    {
        new Net().Input("x", 1, 8).Input("f").Weight("w", 8, 4).Node("MatMul", "x w", "p").Node("Mul", "p f", "y").Output("y").Save(_folder.File("model.onnx"));
        var contract = new ModelContract(
            "Scaled",
            "model.onnx",
            "",
            ModelLocation.None,
            [],
            [TensorContract.Of("x", "float32", 1, 8), TensorContract.Of("f", "float32")],
            [TensorContract.Of("y", "float32", 1, 4)],
            []
        );
        using (var host = ModelHost.Fake(contract, _ => { }))
        {
            host.Record(_folder.File("real.npz"), max: 200);
            for (var i = 0; i < 20; i++)
            {
                var call = host.Rent();
                call.Write<float>(0, Noise.Floats(8));
                call.WriteScalar<float>(1, i);
                call.Run().Dispose();
            }
        }

        var result = Program().Run("calibrate", "model.onnx", "--calibration-data", "real.npz");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Matches(@"│\s+20 │\s+20 │", result.Output);
    }

    private ModelBuildProgram Program() => new(_folder);

    private static void Run(ModelHost host, long[] shape)
    {
        var call = host.Rent();
        call.WriteShaped<float>(0, Noise.Floats((int)(shape[0] * shape[1] * shape[2])), shape);
        call.Run().Dispose();
    }
}

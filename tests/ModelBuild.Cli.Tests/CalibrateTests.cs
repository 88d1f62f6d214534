using ModelBuild.Cli.Tests.Support;

namespace ModelBuild.Cli.Tests;

public sealed class CalibrateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void The_file_is_written_beside_the_model_and_a_table_shows_what_it_is_of()
    {
        Product().Save(_folder.File("Models/model.onnx"));
        Numpy.Npz(_folder.File("data/1.npz"), ("x", Numpy.Array([40, 8], Noise.Floats(320))));
        Numpy.Npz(_folder.File("data/2.npz"), ("x", Numpy.Array([3, 8], Noise.Floats(24))));

        var result = Program().Run("calibrate", "Models/model.onnx", "--calibration-data", "data/*.npz");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(["Models", "Models/model.calibration.json", "Models/model.onnx", "data", "data/1.npz", "data/2.npz"], _folder.Names());
        Assert.Matches(@"│\s+2 │\s+5 │\s+43 │\s+2 │", result.Output);
        Assert.Contains("model.calibration.json", result.Output, StringComparison.Ordinal);
        var other = Program().Run("calibrate", "Models/model.onnx", "--calibration-data", "data/*.npz", "-o", "else/where.json");
        Assert.Equal(0, other.ExitCode);
        Assert.Equal(File.ReadAllText(_folder.File("Models/model.calibration.json")), File.ReadAllText(_folder.File("else/where.json")));
    }

    [Fact]
    public void Data_that_does_not_fit_is_an_error_and_leaves_nothing()
    {
        Product().Save(_folder.File("model.onnx"));
        var data = Numpy.Npz(_folder.File("data.npz"), ("x", Numpy.Array([40, 7], Noise.Floats(280))));

        Program().Run("calibrate", "model.onnx", "--calibration-data", "data.npz").Fails(1, "MB1019", data, "[40,7]");
        Program().Run("calibrate", "model.onnx", "--calibration-data", "none/*.npz").Fails(1, "MB1019", "none/*.npz", "matches no file");
        Program().Run("calibrate", "gone.onnx", "--calibration-data", "data.npz").Fails(1, "MB1001", "gone.onnx", "no such file");

        Assert.Equal(["data.npz", "model.onnx"], _folder.Names());
    }

    public void Dispose() => _folder.Dispose();

    private ModelBuildProgram Program() => new(_folder);

    private static Net Product() => new Net().Input("x", -1, 8).Weight("w", 8, 4).Node("MatMul", "x w", "y").Output("y");
}

using ModelBuild.Cli.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>export</c> writes models as other servers take them.</summary>
public sealed class ExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_repository_of_Triton_has_the_model_and_its_configuration()
    {
        Product().Save(_folder.File("digits.onnx"));

        var result = Program().Run("export", "triton", "digits.onnx", "--output", "repository");

        Assert.Equal((0, "", "repository/digits/config.pbtxt"), (result.ExitCode, result.Error, result.Output.Trim().Replace('\\', '/')));
        Assert.Equal(File.ReadAllBytes(_folder.File("digits.onnx")), File.ReadAllBytes(_folder.File("repository/digits/1/model.onnx")));
        Assert.Equal(
            """
            name: "digits"
            backend: "onnxruntime"
            max_batch_size: 0
            input {
              name: "x"
              data_type: TYPE_FP32
              dims: [ -1, 64 ]
            }
            output {
              name: "y"
              data_type: TYPE_FP32
              dims: [ -1, 8 ]
            }

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(_folder.File("repository/digits/config.pbtxt"))
        );
    }

    [Fact]
    public void With_batches_the_first_dimension_belongs_to_the_server()
    {
        Product().Save(_folder.File("digits.onnx"));

        Program().Run("export", "triton", "digits.onnx", "--output", "repository", "--name", "net", "--version-number", "3", "--max-batch", "32");

        var config = File.ReadAllText(_folder.File("repository/net/config.pbtxt"));
        Assert.Contains("max_batch_size: 32\n", config, StringComparison.Ordinal);
        Assert.Contains("  dims: [ 64 ]\n", config, StringComparison.Ordinal);
        Assert.Contains("dynamic_batching {\n}\n", config, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.File("repository/net/3/model.onnx")));
    }

    [Fact]
    public void A_scalar_is_a_vector_of_one_element_that_is_reshaped()
    {
        new Net().Input("x").Node("Neg", "x", "y").Output("y", DataType.Float).Save(_folder.File("scalar.onnx"));

        Program().Run("export", "triton", "scalar.onnx", "--output", "repository");

        Assert.Contains(
            "  dims: [ 1 ]\n  reshape { shape: [ ] }\n",
            File.ReadAllText(_folder.File("repository/scalar/config.pbtxt")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void External_data_stays_with_the_model()
    {
        OnnxModel.Load(Product().Save(_folder.File("small.onnx"))).Save(_folder.File("large.onnx"), new OnnxSaveOptions { ExternalDataThreshold = 1 });

        Program().Run("export", "triton", "large.onnx", "--output", "repository");

        Assert.True(File.Exists(_folder.File("large.onnx.data")));
        Assert.Single(OnnxModel.Load(_folder.File("repository/large/1/model.onnx")).ExternalFiles);
    }

    [Theory]
    [InlineData("--max-batch needs a model whose inputs and outputs have a first dimension without a fixed size", "fixed.onnx", "--max-batch", "8")]
    [InlineData("--max-batch -1: the number must be 0 or more", "fixed.onnx", "--max-batch", "-1")]
    [InlineData("--version-number 0: the number must be 1 or more", "fixed.onnx", "--version-number", "0")]
    [InlineData("--name 'a/b' must be the name of a folder", "fixed.onnx", "--name", "a/b")]
    public void What_the_server_cannot_take_is_an_error(string message, string model, params string[] options)
    {
        new Net().Input("x", 1, 64).Node("Relu", "x", "y").Output("y", DataType.Float, 1, 64).Save(_folder.File(model));

        Program().Run(["export", "triton", model, "--output", "repository", .. options]).Fails(2, "MB1005", model, message);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "repository")));
    }

    public void Dispose() => _folder.Dispose();

    private static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 8).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 8);

    private ModelBuildProgram Program() => new(_folder);
}

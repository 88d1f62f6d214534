using System.ComponentModel;
using System.Diagnostics;
using ModelBuild.Cli.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary><c>export</c> writes models as other servers and compilers take them.</summary>
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

    [Theory]
    [InlineData("tvm", "compile.py")]
    [InlineData("tensorrt", "compile.sh")]
    [InlineData("openvino", "compile.py")]
    public void A_compiler_gets_a_model_of_fixed_shapes_and_a_script(string compiler, string script)
    {
        Product().Save(_folder.File("digits.onnx"));

        var result = Program().Run("export", compiler, "digits.onnx", "--output", "compiled", "--shape", "x=4,64");

        Assert.Equal(
            (0, "", $"compiled/model.onnx: equal outputs, x=[4,64]; compiled/{script} compiles it"),
            (result.ExitCode, result.Error, result.Output.Trim().Replace('\\', '/'))
        );
        var model = OnnxModel.Load(_folder.File("compiled/model.onnx"));
        Assert.Equal([4, 64], model.Proto.Graph.Input[0].Type.TensorType.Shape.Dim.Select(size => size.DimValue));
        var text = File.ReadAllText(_folder.File($"compiled/{script}"));
        Assert.StartsWith("#!/", text, StringComparison.Ordinal);
        Assert.Contains("model.onnx", text, StringComparison.Ordinal);
        Assert.DoesNotContain("MODEL", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', text);
    }

    [Theory]
    [InlineData("tensorrt", "compile.sh", "sh", "-n")]
    [InlineData("openvino", "compile.py", "python3", "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())")]
    [InlineData("tvm", "compile.py", "python3", "-c", "import ast, sys; ast.parse(open(sys.argv[1]).read())")]
    public void A_script_has_the_grammar_of_its_language(string compiler, string script, string interpreter, params string[] arguments)
    {
        Product().Save(_folder.File("digits.onnx"));
        Program().Run("export", compiler, "digits.onnx", "--output", "compiled");
        var start = new ProcessStartInfo(interpreter, [.. arguments, _folder.File($"compiled/{script}")]) { RedirectStandardError = true };

        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal((0, ""), (process.ExitCode, error));
        }
        catch (Win32Exception)
        {
            Assert.Skip($"There is no {interpreter} on this machine.");
        }
    }

    [Fact]
    public void Float16_and_weights_of_4_bits_are_named_in_the_line()
    {
        new Net().Input("x", -1, 64).Weight("w", 64, 64).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 64).Save(_folder.File("net.onnx"));
        Program().Run("compress", "net.onnx", "--compression", "int4(last-layer-bits=4)", "--min-sqnr", "5", "--output", "small.onnx");

        var half = Program().Run("export", "openvino", "net.onnx", "--output", "half", "--precision", "float16");
        var small = Program().Run("export", "openvino", "small.onnx", "--output", "compiled");

        Assert.Contains("nodes converted to float16: 1", half.Output, StringComparison.Ordinal);
        Assert.Contains("opset raised to 21, operators with weights in blocks written as DequantizeLinear: 1", small.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Det of 'y': TensorRT has no Det", "square")]
    [InlineData("such as --shape x=1,128", "open")]
    [InlineData("--shape 'x' must be the name of an input and its sizes", "open", "--shape", "x")]
    [InlineData("--shape 'x=1,b' must be the name of an input and its sizes", "open", "--shape", "x=1,b")]
    [InlineData("--shape gives the input 'x' two shapes", "open", "--shape", "x=1,2", "--shape", "x=1,3")]
    public void What_a_compiler_cannot_take_is_an_error_without_files(string message, string model, params string[] options)
    {
        new Net().Input("x", 4, 4).Node("Det", "x", "y").Output("y", DataType.Float).Save(_folder.File("square.onnx"));
        new Net().OpenInput("x", "batch", "length").Node("Relu", "x", "y").OpenOutput("y", "batch", "length").Save(_folder.File("open.onnx"));

        Program().Run(["export", "tensorrt", $"{model}.onnx", "--output", "compiled", .. options]).Fails(2, "MB1005", $"{model}.onnx", message);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "compiled")));
    }

    [Fact]
    public void An_export_does_not_replace_the_model()
    {
        var before = File.ReadAllBytes(Product().Save(_folder.File("model.onnx")));

        Program().Run("export", "tvm", "model.onnx", "--output", ".").Fails(2, "MB1005", "model.onnx", "The export would replace the model.");
        Assert.Equal(before, File.ReadAllBytes(_folder.File("model.onnx")));
    }

    [Fact]
    public void An_export_does_not_replace_the_model_behind_a_link()
    {
        Directory.CreateDirectory(_folder.File("real"));
        var before = File.ReadAllBytes(Product().Save(_folder.File("real/model.onnx")));
        try
        {
            Directory.CreateSymbolicLink(_folder.File("link"), _folder.File("real"));
        }
        catch (IOException)
        {
            Assert.Skip("This account cannot create symbolic links.");
        }

        Program().Run("export", "tvm", "real/model.onnx", "--output", "link").Fails(2, "MB1005", "real/model.onnx", "The export would replace the model.");
        Assert.Equal(before, File.ReadAllBytes(_folder.File("real/model.onnx")));
    }

    [Fact]
    public void The_script_of_another_compiler_is_removed()
    {
        Product().Save(_folder.File("digits.onnx"));

        Program().Run("export", "tensorrt", "digits.onnx", "--output", "compiled");
        Program().Run("export", "openvino", "digits.onnx", "--output", "compiled");

        Assert.Equal(["compile.py", "model.onnx"], Directory.GetFiles(_folder.File("compiled")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_wrong_option_names_the_complete_command()
    {
        var result = Program().Run("export", "tensorrt");

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("Try 'modelbuild export tensorrt --help'.", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Net Product() => new Net().Input("x", -1, 64).Weight("w", 64, 8).Node("MatMul", "x w", "y").Output("y", DataType.Float, -1, 8);

    private ModelBuildProgram Program() => new(_folder);
}

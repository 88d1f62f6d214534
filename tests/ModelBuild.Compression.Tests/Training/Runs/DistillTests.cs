using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Signatures;
using ModelBuild.Compression.Tests.Support;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Runs;

public sealed class DistillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Recipes
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var net in new[] { "dense", "scores", "convolution" })
            foreach (var recipe in new[] { "{0}", "optimize {0}", "prune(0.5) {0}", "{0} int8", "{0} prune(0.5) fine-tune(steps=20)", "{0} float16-weights" })
                data.Add(net, recipe);
            return data;
        }
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Recipes))]
    public void A_random_student_learns_from_the_original_and_replaces_it(string net, string recipe)
    {
        var teacher = Teacher(net).Build();
        teacher.SetMetadata("labels", "a,b,c,d");
        Student(net).Save(_folder.File("student.onnx"));

        var result = MadeTraining.Run(
            teacher,
            string.Format(System.Globalization.CultureInfo.InvariantCulture, recipe, "distill(student.onnx, steps=60, rate=0.01)"),
            Rows(net),
            _folder.Path
        );

        Assert.InRange(result.Trained[0].Report.Curve.Min(point => point.HeldOut!.Value) / result.Trained[0].Report.Curve[0].HeldOut!.Value, 0, 0.7);
        Assert.Equal(SignatureReader.Read(ModelPreparation.PreparedCopy(teacher)).Hash(), SignatureReader.Read(result.Model).Hash());
        Assert.Equal("a,b,c,d", result.Model.GetMetadata("labels"));
        Assert.Equal(Ort.Run(teacher).Keys, Ort.Run(result.Model).Keys);
        Assert.DoesNotContain(result.Model.Proto.Graph.Initializer, tensor => tensor.Name.StartsWith("teacher", StringComparison.Ordinal));
    }

    [Fact]
    public void Equal_seeds_have_equal_bytes_and_stored_values_replace_the_training()
    {
        Student("scores").Save(_folder.File("student.onnx"));
        const string Recipe = "distill(student.onnx, steps=20, rate=0.01, seed=5) int8-weights";
        var teacher = Teacher("scores").Build();

        var one = MadeTraining.Run(teacher, Recipe, Rows("scores"), _folder.Path);
        var other = MadeTraining.Run(teacher, Recipe, Rows("scores"), _folder.Path);
        var stored = MadeTraining.Run(teacher, Recipe, Rows("scores"), _folder.Path, one.Trained);
        var next = MadeTraining.Run(teacher, Recipe.Replace("seed=5", "seed=6", StringComparison.Ordinal), Rows("scores"), _folder.Path);

        Assert.Equal(one.Model.ToBytes(), other.Model.ToBytes());
        Assert.Equal(one.Model.ToBytes(), stored.Model.ToBytes());
        Assert.NotEqual(one.Model.ToBytes(), next.Model.ToBytes());
    }

    [Fact]
    public void The_report_says_that_the_model_was_replaced()
    {
        Student("dense").Save(_folder.File("student.onnx"));

        var result = MadeTraining.Run(Teacher("dense").Build(), "distill(student.onnx, steps=10)", Rows("dense"), _folder.Path);

        Assert.Equal(1, result.Steps[^1].Report.Changes["models replaced by a student"]);
        Assert.NotNull(result.Steps[^1].Report.Training);
    }

    [Fact]
    public void A_student_that_begins_with_zeros_is_trained()
    {
        new Net()
            .Input("x", -1, 8)
            .Constant("a", [8, 4], new float[32])
            .Node("MatMul", "x a", "y")
            .Output("y", DataType.Float, -1, 4)
            .Save(_folder.File("student.onnx"));

        var result = MadeTraining.Run(Teacher("dense").Build(), "distill(student.onnx, steps=60, rate=0.01)", Rows("dense"), _folder.Path);

        Assert.InRange(result.Improvement, 0, 0.95);
    }

    public static TheoryData<string, string[]> Faults =>
        new()
        {
            { "other input", ["it has no input 'x'", "the model has no input 'z'"] },
            { "integers", ["its input 'x' is int64[?, 8], and that of the model is float32[?, 8]"] },
            { "fixed batch", ["its input 'x' is float32[1, 8], and that of the model is float32[?, 8]"] },
            { "other size", ["its input 'x' is float32[?, 9], and that of the model is float32[?, 8]"] },
            { "other rank", ["its input 'x' is float32[?, 8, 1], and that of the model is float32[?, 8]"] },
            { "other classes", ["its output 'y' is float32[?, 5], and that of the model is float32[?, 4]"] },
            { "more", ["the model has no input 'z'", "the model has no output 'w'"] },
            { "all", ["it has no input 'x'", "the model has no input 'z'", "it has no output 'y'", "the model has no output 'w'"] },
        };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_difference_of_the_signature_is_in_one_error(string fault, string[] differences)
    {
        var path = Faulty(fault).Save(_folder.File("student.onnx"));

        var exception = Assert.Throws<CompressionException>(() =>
            MadeTraining.Run(Teacher("dense").Build(), "distill(student.onnx, steps=10)", Rows("dense"), _folder.Path)
        );

        Assert.Equal((Codes.UnknownOption, path), (exception.Code, exception.File));
        Assert.EndsWith($": {string.Join("; ", differences)}.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_sizes_of_the_student_become_those_of_the_model()
    {
        new Net().OpenInput("x", "n", "k").Weight("a", 8, 4).Node("MatMul", "x a", "y").OpenOutput("y", "n", "m").Save(_folder.File("student.onnx"));

        var result = MadeTraining.Run(Teacher("dense").Build(), "distill(student.onnx, steps=10)", Rows("dense"), _folder.Path);

        Assert.Equal(SignatureReader.Read(Teacher("dense").Build()).Hash(), SignatureReader.Read(result.Model).Hash());
    }

    [Fact]
    public void A_step_without_a_student_is_an_error()
    {
        var exception = Assert.Throws<CompressionException>(() => MadeTraining.Run(Teacher("dense").Build(), "distill", Rows("dense")));

        Assert.Equal(Codes.UnknownOption, exception.Code);
        Assert.Contains("distill(student=small.onnx)", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("student.onnx", "there is no such file")]
    [InlineData("", "a folder")]
    public void A_missing_student_is_an_error_with_its_path(string file, string reason)
    {
        var exception = Assert.ThrowsAny<Exception>(() =>
            MadeTraining.Run(Teacher("dense").Build(), file.Length == 0 ? "distill(.)" : $"distill({file})", Rows("dense"), _folder.Path)
        );

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.IsType<OnnxException>(exception);
    }

    [Fact]
    public void Names_of_the_student_are_known()
    {
        Student("dense").Save(_folder.File("student.onnx"));

        var result = MadeTraining.Run(Teacher("dense").Build(), "distill(student.onnx, steps=10, exclude=a|b|teacher1)", Rows("dense"), _folder.Path);

        var warning = Assert.Single(result.Steps[^1].Report.Warnings);
        Assert.Contains("'teacher1'", warning.Text, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static ISampleSource Rows(string net) => net == "convolution" ? MadeTraining.Rows(96, 2, 6, 6) : MadeTraining.Rows(96, 8);

    private static Net Teacher(string net) => Make(net, width: 16, "teacher");

    private static Net Student(string net) => Make(net, width: 6, "");

    private static Net Make(string net, int width, string prefix) =>
        net switch
        {
            "convolution" => new Net()
                .Input("x", -1, 2, 6, 6)
                .Weight($"{prefix}a", width, 2, 3, 3)
                .Weight($"{prefix}b", 4, width)
                .Node("Conv", $"x {prefix}a", $"{prefix}1", ("pads", new long[] { 1, 1, 1, 1 }))
                .Node("Relu", $"{prefix}1", $"{prefix}2")
                .Node("GlobalAveragePool", $"{prefix}2", $"{prefix}3")
                .Node("Flatten", $"{prefix}3", $"{prefix}4")
                .Node("Gemm", $"{prefix}4 {prefix}b", "y", ("transB", 1L))
                .Output("y", DataType.Float, -1, 4),
            _ => Dense(width, prefix, net == "scores"),
        };

    private static Net Dense(int width, string prefix, bool scores)
    {
        var net = new Net()
            .Input("x", -1, 8)
            .Weight($"{prefix}a", 8, width)
            .Weight($"{prefix}b", width, 4)
            .Node("MatMul", $"x {prefix}a", $"{prefix}1")
            .Node("Relu", $"{prefix}1", $"{prefix}2")
            .Node("MatMul", $"{prefix}2 {prefix}b", scores ? $"{prefix}3" : "y");
        return (scores ? net.Node("Softmax", $"{prefix}3", "y", ("axis", 1L)) : net).Output("y", DataType.Float, -1, 4);
    }

    private static Net Faulty(string fault) =>
        fault switch
        {
            "other input" => new Net().Input("z", -1, 8).Weight("a", 8, 4).Node("MatMul", "z a", "y").Output("y", DataType.Float, -1, 4),
            "integers" => new Net()
                .Input("x", DataType.Int64, -1, 8)
                .Weight("a", 8, 4)
                .Node("Cast", "x", "f", ("to", 1L))
                .Node("MatMul", "f a", "y")
                .Output("y", DataType.Float, -1, 4),
            "fixed batch" => new Net().Input("x", 1, 8).Weight("a", 8, 4).Node("MatMul", "x a", "y").Output("y", DataType.Float, 1, 4),
            "other size" => new Net().Input("x", -1, 9).Weight("a", 9, 4).Node("MatMul", "x a", "y").Output("y", DataType.Float, -1, 4),
            "other rank" => new Net()
                .Input("x", -1, 8, 1)
                .Weight("a", 8, 4)
                .Node("Flatten", "x", "f")
                .Node("MatMul", "f a", "y")
                .Output("y", DataType.Float, -1, 4),
            "other classes" => new Net().Input("x", -1, 8).Weight("a", 8, 5).Node("MatMul", "x a", "y").Output("y", DataType.Float, -1, 5),
            "more" => new Net()
                .Input("x", -1, 8)
                .Input("z", -1, 8)
                .Weight("a", 8, 4)
                .Node("Add", "x z", "s")
                .Node("MatMul", "s a", "y")
                .Node("Relu", "y", "w")
                .Output("y", DataType.Float, -1, 4)
                .Output("w", DataType.Float, -1, 4),
            _ => new Net().Input("z", -1, 8).Weight("a", 8, 4).Node("MatMul", "z a", "w").Output("w", DataType.Float, -1, 4),
        };
}

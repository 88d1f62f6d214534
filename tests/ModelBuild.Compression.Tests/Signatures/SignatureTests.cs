using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using ModelBuild.Testing;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Signatures;

public sealed class SignatureTests
{
    [Fact]
    public void The_hash_is_that_of_one_line_for_each_value()
    {
        var model = new Net().Input("x", -1, 3).Input("flags", DataType.Bool).Output("y", DataType.Float16, 2, 4).Build();
        model.Proto.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam = "batch";
        model.Proto.Graph.Output.Add(
            new ValueInfoProto
            {
                Name = "any",
                Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Int64 } },
            }
        );

        var signature = SignatureReader.Read(model);

        const string Contract = "in x tensor float32 batch,3\nin flags tensor bool \nout y tensor float16 2,4\nout any tensor int64 *\n";
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Contract))), signature.Hash());
    }

    [Fact]
    public void Values_that_are_no_tensors_have_ONNXs_own_text()
    {
        var map = new TypeProto
        {
            MapType = new TypeProto.Types.Map { KeyType = (int)DataType.Int64, ValueType = Tensor() },
        };
        var graph = new GraphProto
        {
            Name = "g",
            Input =
            {
                new ValueInfoProto
                {
                    Name = "seq",
                    Type = new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = map } },
                },
                new ValueInfoProto { Name = "map", Type = map },
                new ValueInfoProto
                {
                    Name = "opt",
                    Type = new TypeProto { OptionalType = new TypeProto.Types.Optional { ElemType = Tensor() } },
                },
                new ValueInfoProto
                {
                    Name = "sparse",
                    Type = new TypeProto { SparseTensorType = new TypeProto.Types.SparseTensor { ElemType = (int)DataType.Float } },
                },
                new ValueInfoProto
                {
                    Name = "odd",
                    Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float8E4M3Fn } },
                },
                new ValueInfoProto { Name = "none" },
            },
        };

        var inputs = SignatureReader.Read(new OnnxModel(new ModelProto { IrVersion = 8, Graph = graph })).Inputs;

        Assert.Equal(
            [
                "seq sequence seq(map(int64,tensor(float))) *",
                "map map map(int64,tensor(float)) *",
                "opt optional optional(tensor(float)) *",
                "sparse sparse sparse_tensor(float) *",
                "odd tensor float8e4m3fn *",
                "none tensor undefined *",
            ],
            inputs.Select(input => input.ToString())
        );
        Assert.Equal(["opt"], inputs.Where(input => input.Optional).Select(input => input.Name));

        static TypeProto Tensor() => new() { TensorType = new TypeProto.Types.Tensor { ElemType = (int)DataType.Float } };
    }

    [Fact]
    public void Weights_that_old_models_list_as_inputs_are_none()
    {
        var signature = SignatureReader.Read(
            new Net(opset: 8, irVersion: 3).Input("w", 2).Input("x", 2).Weight("w", 2).Node("Add", "x w", "y").Output("y").Build()
        );

        Assert.Equal(["x"], signature.Inputs.Select(input => input.Name));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Weights_need_not_be_read()
    {
        foreach (var path in Corpus.ModelsOrNone())
        {
            var file = Corpus.Model(path);
            Assert.Equal(
                SignatureReader.Read(OnnxModel.Load(file)).Hash(),
                SignatureReader.Read(OnnxModel.Load(file, new OnnxLoadOptions { SkipWeights = true })).Hash()
            );
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("One line.", "One line.")]
    [InlineData("First\r\nparagraph.\n\nSecond.", "First paragraph.")]
    public void The_description_is_the_first_paragraph(string text, string description)
    {
        var model = new Net().Input("x", 1).Build();
        model.Proto.DocString = text;

        Assert.Equal(description, SignatureReader.Read(model).Description);
    }

    [Fact]
    public void The_file_is_the_same_for_the_same_model_and_holds_what_the_generator_reads()
    {
        var model = new Net().Input("x", -1, 3).Output("y", DataType.Float, 1).Build();
        var binding = new SignatureBinding(
            "DigitsModel",
            new Dictionary<string, string> { ["Namespace"] = "App", ["Access"] = "internal" },
            "Models/ä.onnx",
            "copy",
            "models/App/DigitsModel.onnx",
            ["cuda", "cpu"],
            ["a", "b\"c"]
        )
        {
            States = [new StatePair("yN", "y")],
        };

        var bytes = SignatureFile.ToJson(SignatureReader.Read(model), binding);

        Assert.Equal(bytes, SignatureFile.ToJson(SignatureReader.Read(model), binding));
        Assert.DoesNotContain((byte)'\r', bytes);
        Assert.Equal((byte)'\n', bytes[^1]);
        using var json = JsonDocument.Parse(bytes);
        Assert.Equal("Models/ä.onnx", json.RootElement.GetProperty("model").GetString());
        Assert.Equal(-1, JsonDocument.Parse(SignatureFile.ToJson(Unranked(), binding)).RootElement.GetProperty("inputs")[0].GetProperty("rank").GetInt32());
        Assert.Equal(["cuda", "cpu"], json.RootElement.GetProperty("providers").EnumerateArray().Select(provider => provider.GetString()));

        static ModelSignature Unranked() => new("", [new ValueSignature("x", ValueKind.Tensor, "float32", null)], []);
    }

    [Fact]
    public void The_file_tells_the_shapes_of_tensors_inside_other_values()
    {
        var graph = new GraphProto();
        var tensor = new TypeProto
        {
            TensorType = new TypeProto.Types.Tensor
            {
                ElemType = (int)DataType.Float,
                Shape = new TensorShapeProto
                {
                    Dim =
                    {
                        new TensorShapeProto.Types.Dimension { DimParam = "n" },
                        new TensorShapeProto.Types.Dimension(),
                    },
                },
            },
        };
        graph.Input.Add(
            new ValueInfoProto
            {
                Name = "x",
                Type = new TypeProto
                {
                    OptionalType = new TypeProto.Types.Optional
                    {
                        ElemType = new TypeProto { SequenceType = new TypeProto.Types.Sequence { ElemType = tensor } },
                    },
                },
            }
        );
        var signature = SignatureReader.Read(new OnnxModel(new ModelProto { IrVersion = 8, Graph = graph }));

        var bytes = SignatureFile.ToJson(signature, new SignatureBinding("A", new Dictionary<string, string>(), "a.onnx", "none", "", [], []));

        using var json = JsonDocument.Parse(bytes);
        Assert.Equal(
            """{"name":"x","kind":"optional","type":"optional(seq(tensor(float)))","rank":2,"shape":[{"name":"n"},{}]}""",
            JsonSerializer.Serialize(json.RootElement.GetProperty("inputs")[0])
        );
        Assert.Equal("x optional optional(seq(tensor(float))) *", signature.Inputs[0].ToString());
    }

    [Fact]
    public void Labels_that_are_not_there_are_one_error()
    {
        using var folder = new TemporaryFolder();
        var model = new Net().Input("x", 1).Build();
        model.SetMetadata("names", "a");

        Assert.Empty(LabelSource.Read(null, model));
        Assert.Empty(LabelSource.Read("", model));
        var missing = Assert.Throws<CompressionException>(() => LabelSource.Read(folder.File("none.txt"), model));
        Assert.Equal((Codes.Labels, folder.File("none.txt")), (missing.Code, missing.File));
        var key = Assert.Throws<CompressionException>(() => LabelSource.Read("metadata:none", model));
        Assert.Contains("no key 'none' with labels. It has: names", key.Message, StringComparison.Ordinal);
    }
}

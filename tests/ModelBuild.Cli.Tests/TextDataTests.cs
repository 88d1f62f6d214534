using System.Text;
using ModelBuild.Cli.Tests.Support;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Cli.Tests;

/// <summary>Data may be texts, which the program encodes as the class of the model does.</summary>
public sealed class TextDataTests : IDisposable
{
    private const string Vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nthe\ncat\nsat\n,\nis\nit\n?\n";
    private const int Words = 11;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_line_of_a_text_file_is_a_row()
    {
        Save();
        _folder.Write("sentences.txt", "\uFEFFThe cat sat\r\n\r\n  the\nthe dog\n");

        Data("sentences.txt");

        Assert.Equal(["input_ids", "attention_mask", "token_type_ids"], Archive.Names);
        Assert.Equal("(3, 5,)", Archive.Shape("input_ids"));
        Assert.Equal([2, 4, 5, 6, 3, 2, 4, 3, 0, 0, 2, 4, 1, 3, 0], Archive.Longs("input_ids"));
        Assert.Equal([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0], Archive.Longs("attention_mask"));
        Assert.All(Archive.Longs("token_type_ids"), type => Assert.Equal(0, type));
    }

    [Theory]
    [InlineData("""{ "text": "the", "text_pair": "cat" }""")]
    [InlineData("""{ "id": 7, "Question": "the", "context": "cat", "answers": ["cat"] }""")]
    [InlineData("""{ "sentence1": "the", "sentence2": "cat", "label": null }""")]
    public void A_line_of_JSON_may_have_a_pair(string line)
    {
        Save();
        _folder.Write("questions.jsonl", "\"cat \\u002c sat\"\n" + line);

        Data("questions.jsonl");

        Assert.Equal([2, 5, 7, 6, 3, 2, 4, 3, 5, 3], Archive.Longs("input_ids"));
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0, 1, 1], Archive.Longs("token_type_ids"));
        Assert.DoesNotContain("label", Archive.Names);
    }

    [Fact]
    public void Labels_are_names_or_numbers()
    {
        Save();
        File.WriteAllText(_folder.File("labels.txt"), "good\nbad\n");
        _folder.Write("data.jsonl", """{ "text": "the", "label": "Bad" }""" + "\n" + """{ "text": "cat", "label": 0 }""");
        Data("data.jsonl", "--labels", "labels.txt");
        Assert.Equal([1, 0], Archive.Longs("label"));

        // Without names of classes, the labels have to be numbers.
        _folder.Write("data.csv", "label,text\n7,the\n3,cat\n");
        Data("data.csv");
        Assert.Equal([7, 3], Archive.Longs("label"));
    }

    [Fact]
    public void A_table_has_quotation_marks_around_commas_and_line_ends()
    {
        Save();
        _folder.Write("data.csv", "Text,note\r\n\"the, \"\"cat\"\"\",1\r\n\r\n\"the\ncat\",\"\"\r\nsat,2");

        Data("data.csv");

        Assert.Equal([2, 4, 7, 1, 5, 1, 3, 2, 4, 5, 3, 0, 0, 0, 2, 6, 3, 0, 0, 0, 0], Archive.Longs("input_ids"));
    }

    [Fact]
    public void Long_texts_have_archives_of_their_own()
    {
        Save();
        _folder.Write("a.txt", "the\n" + string.Join(' ', Enumerable.Repeat("cat", 20)) + "\nsat\n" + string.Join(' ', Enumerable.Repeat("cat", 70)));

        Assert.Contains("data.npz and 2 more of other shapes: 4 rows", Data("a.txt").Output, StringComparison.Ordinal);

        Assert.Equal(["(2, 3,)", "(1, 22,)", "(1, 72,)"], new[] { "data.npz", "data.2.npz", "data.3.npz" }.Select(Shape));

        // The program deletes the archives of an earlier run.
        _folder.Write("a.txt", "the\n");
        Data("a.txt");
        Assert.False(File.Exists(_folder.File("data.2.npz")));

        string Shape(string name) => new NpzFile(_folder.File(name)).Shape("input_ids");
    }

    [Fact]
    public void A_model_with_a_fixed_number_of_tokens_gets_this_number()
    {
        Save(tokens: 4);
        _folder.Write("a.txt", "the\nthe cat sat the cat\n");

        Data("a.txt");

        Assert.Equal([2, 4, 3, 0, 2, 4, 5, 3], Archive.Longs("input_ids"));
    }

    [Fact]
    public void A_model_without_a_mask_gets_no_padding()
    {
        new Net()
            .Input("input_ids", DataType.Int64, -1, -1)
            .Constant("table", [Words, 2], new float[2 * Words])
            .Node("Gather", "table input_ids", "y")
            .Output("y")
            .Save(_folder.File("model.onnx"));
        _folder.Write("vocab.txt", Vocabulary);
        _folder.Write("a.txt", "the\nthe cat\nsat\n");

        Data("a.txt");

        Assert.Equal([2, 4, 3, 2, 6, 3], Archive.Longs("input_ids"));
        Assert.Equal([2, 4, 5, 3], new NpzFile(_folder.File("data.2.npz")).Longs("input_ids"));
    }

    [Fact]
    public void The_tokenizer_lies_beside_the_model_or_above_the_folder_onnx_or_is_named()
    {
        Save("bert/onnx/model.onnx", "bert/vocab.txt");
        _folder.Write("a.txt", "the\n");
        string[] command = ["data", "a.txt", "--model", "bert/onnx/model.onnx", "--output", "data.npz"];

        Assert.Equal(0, Program().Run(command).ExitCode);

        _folder.Write("other/words.txt", Vocabulary.Replace("the\ncat", "cat\nthe", StringComparison.Ordinal));
        Assert.Equal(0, Program().Run([.. command, "--tokenizer", "other/words.txt"]).ExitCode);
        Assert.Equal([2, 5, 3], Archive.Longs("input_ids"));

        File.Delete(_folder.File("bert/vocab.txt"));
        Program().Run(command).Fails(1, "MB1019", _folder.File("a.txt"), "The file has texts, and the model has no tokenizer: put tokenizer.json, vocab.txt");
        Program().Run([.. command, "--tokenizer", "missing"]).Fails(1, "MB1046", _folder.File("missing"), "The tokenizer does not exist.");
    }

    [Fact]
    public void Every_command_that_takes_data_takes_texts()
    {
        Save();
        _folder.Write(
            "a.txt",
            string.Join('\n', Enumerable.Range(0, 20).Select(i => $"the {new[] { "cat", "it", "sat" }[i % 3]} is {(i % 2 == 0 ? "it" : "the ?")}"))
        );

        Assert.Equal(0, Program().Run("calibrate", "model.onnx", "--calibration-data", "a.txt").ExitCode);
        Assert.Equal(0, Program().Run("compress", "model.onnx", "--calibration-data", "a.txt", "--json").ExitCode);
        var verified = Program().Run("verify", "model.onnx", "model.compressed.onnx", "--data", "a.txt", "--json");
        Assert.Contains("\"samples\": 20", verified.Output, StringComparison.Ordinal);

        Assert.DoesNotContain(_folder.Names(), name => name.EndsWith(".npz", StringComparison.Ordinal));
    }

    [Fact]
    public void Made_inputs_have_the_special_tokens_of_the_tokenizer()
    {
        // The models differ for rows that do not start with [CLS], whose id is 2.
        Save();
        new Net()
            .Input("input_ids", DataType.Int64, 1, 8)
            .Weight("words", Words, 4)
            .Node("Gather", "words input_ids", "y")
            .Output("y")
            .Save(_folder.File("model.onnx"));
        new Net()
            .Input("input_ids", DataType.Int64, 1, 8)
            .Weight("words", Words, 4)
            .Constant("axis", [1], 1L)
            .Constant("cls", [1, 1], 2L)
            .Constant("one", [1], 1L)
            .Constant("eight", [1], 8L)
            .Node("Slice", "input_ids one eight axis", "rest")
            .Node("Concat", "cls rest", "text", ("axis", 1L))
            .Node("Gather", "words text", "y")
            .Output("y")
            .Save(_folder.File("other.onnx"));
        string[] command = ["verify", "model.onnx", "other.onnx"];

        Assert.Equal(0, Program().Run(command).ExitCode);
        File.Delete(_folder.File("vocab.txt"));
        Assert.Equal(1, Program().Run(command).ExitCode);
        File.WriteAllText(_folder.File("config.json"), """{ "vocab_size": 3, "pad_token_id": 0 }""");
        Assert.Equal(1, Program().Run(command).ExitCode);
    }

    [Fact]
    public void A_tokenizer_that_needs_the_native_library_takes_that_of_the_package_folder()
    {
        if (
            !OperatingSystem.IsLinux()
            || System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64
        )
            Assert.Skip("The tests restore the library for Linux on x64.");
        Save();
        _folder.Write("bpe/tokenizer.json", BytePairs);
        _folder.Write("a.txt", "abba\n");

        Data("a.txt", "--tokenizer", "bpe");

        Assert.Equal([2, 1, 0], Archive.Longs("input_ids"));
    }

    [Fact]
    public void A_native_library_that_is_missing_is_an_error_that_names_the_package()
    {
        Save();
        _folder.Write("bpe/tokenizer.json", BytePairs);
        _folder.Write("a.txt", "abba\n");
        var empty = Directory.CreateDirectory(_folder.File("packages")).FullName;

        Program()
            .With("NUGET_PACKAGES", empty)
            .Run("data", "a.txt", "--model", "model.onnx", "--output", "data.npz", "--tokenizer", "bpe")
            .Fails(1, "MB1019", _folder.File("bpe/tokenizer.json"), "<PackageReference Include=\"Tokenizers.DotNet.runtime.");
        // The WordPiece tokenizer needs no native library.
        Assert.Equal(0, Program().With("NUGET_PACKAGES", empty).Run("data", "a.txt", "--model", "model.onnx", "--output", "data.npz").ExitCode);
    }

    [Theory]
    [InlineData("a.txt", "", "The file is empty: it has no line with a text.")]
    [InlineData("a.txt", " \r\n\n", "The file is empty")]
    [InlineData("a.jsonl", "{ \"text\": \"the\" }\n\n{ text }", "Line 3 is not JSON")]
    [InlineData("a.jsonl", "\"the\"\n7", "Line 2 is neither a JSON object nor a JSON string.")]
    [InlineData("a.jsonl", "{ \"texts\": \"the\" }", "Line 1 has no text. The names are 'text' with or without 'text_pair'")]
    [InlineData("a.jsonl", "\"\\ud800\"", "Line 1 is not JSON")]
    [InlineData("a.jsonl", "{ \"text\": \"the\", \"label\": \"x\" }", "Line 1 has the label 'x', and the names of the classes are not known")]
    [InlineData("a.jsonl", "{ \"text\": \"the\", \"label\": [1] }", "Line 1 has a 'label' that is neither a name nor a number.")]
    [InlineData("a.jsonl", "{ \"text\": \"the\", \"label\": 1 }\n\"cat\"", "Line 2 has no label, and other lines have one.")]
    [InlineData("a.csv", "text\n", "The table is empty")]
    [InlineData("a.csv", "", "The table is empty")]
    [InlineData("a.csv", "sentence;label\nthe;1\n", "Line 1 has to name the columns, and none of them is 'file' or a text.")]
    [InlineData("a.csv", "text,label\nthe,1\nthe, cat,0\n", "Line 3 has 3 fields, and there are 2 columns.")]
    [InlineData("a.csv", "text\n\"the\n\"\"cat", "Line 2 has a quotation mark that is not closed.")]
    [InlineData("a.csv", "text\n\"the\" cat\n", "Line 2 has text behind a quotation mark")]
    [InlineData("a.csv", "text\nthe \"cat\"\n", "Line 2 has a quotation mark in a field that does not start with one.")]
    [InlineData("a.csv", "text,text\nthe,cat\n", "Line 1 names a column twice.")]
    public void A_malformed_file_is_an_error_with_its_line(string name, string content, string message)
    {
        Save();
        _folder.Write(name, content);

        Run(name).Fails(1, "MB1019", _folder.File(name), message);

        Assert.DoesNotContain("data.npz", string.Join(' ', _folder.Names()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_UTF_8_is_an_error_with_its_line()
    {
        Save();
        _folder.Write("a.txt", [.. "the\ncat\n"u8, .. Encoding.Latin1.GetBytes("caf\u00e9\n")]);

        Run("a.txt").Fails(1, "MB1019", _folder.File("a.txt"), "Line 3 is not UTF-8.");
    }

    [Fact]
    public void A_vocabulary_that_is_larger_than_the_embedding_is_an_error()
    {
        Save();
        _folder.Write("vocab.txt", Vocabulary + "more\n");
        _folder.Write("a.txt", "the\n");

        Run("a.txt")
            .Fails(
                1,
                "MB1019",
                _folder.File("vocab.txt"),
                "The largest id of the tokenizer is 11, and the embedding of the model has 11 rows, so that the id does not fit."
            );
    }

    [Fact]
    public void A_model_that_takes_no_texts_is_an_error()
    {
        new Net().Input("x", 1, 3).Node("Relu", "x", "y").Output("y").Save(_folder.File("model.onnx"));
        _folder.Write("vocab.txt", Vocabulary);
        _folder.Write("a.txt", "the\n");

        Run("a.txt").Fails(1, "MB1019", _folder.File("a.txt"), "The file has texts, and the model takes something else");
    }

    private const string BytePairs = """
        {
          "version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
          "pre_tokenizer": { "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true },
          "post_processor": null,
          "decoder": { "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true },
          "model": {
            "type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null,
            "fuse_unk": false, "byte_fallback": false, "vocab": { "a": 0, "b": 1, "ab": 2 }, "merges": ["a b"]
          }
        }
        """;

    private NpzFile Archive => new(_folder.File("data.npz"));

    private ModelBuildProgram Program() => new(_folder);

    private ModelBuildProgram.Result Data(params string[] arguments)
    {
        var result = Run(arguments);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        return result;
    }

    private ModelBuildProgram.Result Run(params string[] arguments) => Program().Run(["data", .. arguments, "--model", "model.onnx", "--output", "data.npz"]);

    // The model computes the mean of the embeddings of the tokens that are not padding.
    private void Save(string model = "model.onnx", string vocabulary = "vocab.txt", long tokens = -1)
    {
        _folder.Write(vocabulary, Vocabulary);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(model))!);
        new Net()
            .Input("input_ids", DataType.Int64, -1, tokens)
            .Input("attention_mask", DataType.Int64, -1, tokens)
            .Input("token_type_ids", DataType.Int64, -1, tokens)
            .Weight("words", Words, 8)
            .Weight("types", 2, 8)
            .Weight("w", 8, 8)
            .Constant("last", [1], 2L)
            .Node("Gather", "words input_ids", "a")
            .Node("Gather", "types token_type_ids", "b")
            .Node("Add", "a b", "c")
            .Node("Cast", "attention_mask", "f", ("to", 1L))
            .Node("Unsqueeze", "f last", "m")
            .Node("Mul", "c m", "d")
            .Node("ReduceMean", "d", "e", ("axes", new long[] { 1 }), ("keepdims", 0L))
            .Node("MatMul", "e w", "y")
            .Output("y", DataType.Float, -1, 8)
            .Save(_folder.File(model));
    }
}

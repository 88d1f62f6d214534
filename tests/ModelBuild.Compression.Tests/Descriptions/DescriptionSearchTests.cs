using System.IO.Compression;
using ModelBuild.Compression.Descriptions;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Compression.Signatures;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Descriptions;

/// <summary>Tests that descriptions are found beside a model and in its metadata.</summary>
public sealed class DescriptionSearchTests : IDisposable
{
    private static readonly Dictionary<string, string> Nothing = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("modelbuild-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string, string> Processors() =>
        new()
        {
            {
                """
                    { "image_processor_type": "ViTImageProcessor", "do_resize": true,
                    "size": { "height": 224, "width": 224 },
                    "resample": 2, "do_rescale": true,
                    "rescale_factor": 0.00392156862745098,
                    "do_normalize": true,
                    "image_mean": [0.5, 0.5, 0.5],
                    "image_std": [0.5, 0.5, 0.5] }
                    """,
                "rgb resize(224,224) scale(1/255) mean(0.5,0.5,0.5) std(0.5,0.5,0.5)"
            },
            {
                """
                    { "feature_extractor_type": "CLIPFeatureExtractor",
                    "do_center_crop": true, "crop_size": 224,
                    "size": { "shortest_edge": 224 },
                    "resample": 3,
                    "do_normalize": true,
                    "image_mean": [0.48145466, 0.4578275, 0.40821073],
                    "image_std": [0.26862954, 0.26130258, 0.27577711] }
                    """,
                "rgb resize(224, bicubic) crop(224,224) scale(1/255) mean(0.48145466,0.4578275,0.40821073) std(0.26862954,0.26130258,0.27577711)"
            },
            {
                """
                    { "feature_extractor_type": "CLIPFeatureExtractor", "crop_size": 224, "size": 224, "resample": 3, "do_normalize": false }
                    """,
                "rgb resize(224, bicubic) crop(224,224) scale(1/255)"
            },
            {
                """
                    { "image_processor_type": "ConvNextImageProcessor", "size": 224, "crop_pct": 0.875, "resample": 3, "do_normalize": false }
                    """,
                "rgb resize(256, bicubic) crop(224) scale(1/255)"
            },
            {
                """
                    { "image_processor_type": "MobileViTImageProcessor", "size": { "shortest_edge": 288 },
                    "crop_size": { "height": 256, "width": 256 } }
                    """,
                "bgr resize(288) crop(256,256) scale(1/255)"
            },
            {
                """
                    { "image_processor_type": "MobileViTImageProcessor", "size": 288, "crop_size": 256, "do_flip_channel_order": false }
                    """,
                "rgb resize(288) crop(256,256) scale(1/255)"
            },
            {
                """
                    { "image_processor_type": "LevitImageProcessor", "size": { "shortest_edge": 224 }, "crop_size": 224, "resample": 3 }
                    """,
                "rgb resize(256, bicubic) crop(224,224) scale(1/255)"
            },
            {
                """
                    { "image_processor_type": "DPTImageProcessor", "size": { "height": 384, "width": 384 }, "keep_aspect_ratio": true }
                    """,
                ""
            },
            {
                """
                    { "image_processor_type": "YolosImageProcessor", "size": 800, "max_size": 1333 }
                    """,
                ""
            },
            {
                """
                    { "image_processor_type": "Swin2SRImageProcessor", "do_rescale": true, "do_pad": true, "pad_size": 8 }
                    """,
                ""
            },
            {
                """
                    { "image_processor_type": "MobileNetV2ImageProcessor", "crop_size": { "height": 224, "width": 200 },
                    "do_normalize": false,
                    "size": { "shortest_edge": 256 },
                    "resample": 0 }
                    """,
                "rgb resize(256, nearest-exact) crop(200,224) scale(1/255)"
            },
            {
                """
                    { "image_processor_type": "ConvNextImageProcessor", "crop_pct": 0.875,
                    "size": { "shortest_edge": 224 },
                    "do_normalize": false }
                    """,
                "rgb resize(256) crop(224) scale(1/255)"
            },
            {
                """
                    { "image_processor_type": "ConvNextImageProcessor", "crop_pct": 0.875,
                    "size": { "shortest_edge": 384 },
                    "do_normalize": false }
                    """,
                "rgb resize(384,384) scale(1/255)"
            },
            { """{ "image_processor_type": "X", "do_resize": false, "do_rescale": false, "do_normalize": false }""", "rgb" },
            { """{ "image_processor_type": "DetrImageProcessor", "size": { "shortest_edge": 800, "longest_edge": 1333 } }""", "" },
            { """{ "feature_extractor_type": "WhisperFeatureExtractor", "feature_size": 80, "sampling_rate": 16000 }""", "" },
        };

    [Theory]
    [MemberData(nameof(Processors))]
    public void A_preprocessor_of_Hugging_Face(string json, string expected)
    {
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"), json);

        var described = Find(Photo());

        Assert.Equal(expected, described.Of(ItemMetadata.Image)?.Text ?? "");
        if (expected.Length > 0)
        {
            // The class that reads descriptions of images can read the text.
            Assert.NotNull(described.Of(ItemMetadata.Image)!.Source);
            Assert.Contains($"Image=\"{expected}\" from preprocessor_config.json", described.Summary(), StringComparison.Ordinal);
        }

        Assert.Equal(["model.task.json", "preprocessor_config.json", "config.json"], described.Files.Select(Path.GetFileName));
    }

    [Fact]
    public void The_files_of_a_folder_onnx_are_in_the_folder_above()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "onnx"));
        File.WriteAllText(Path.Combine(_folder, "config.json"), """{ "id2label": { "0": "cat", "1": "dog" } }""");
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"), """{ "image_processor_type": "X", "size": 8 }""");

        var described = Find(Photo(), "onnx/model.onnx");

        Assert.Equal(["cat", "dog"], described.Labels);
        Assert.Equal("rgb resize(8,8) scale(1/255)", described.Of(ItemMetadata.Image)!.Text);
        Assert.Equal("found Image=\"rgb resize(8,8) scale(1/255)\" from preprocessor_config.json, 2 labels from config.json", described.Summary());
    }

    [Theory]
    [InlineData("""{ "id2label": { "0": "LABEL_0", "1": "LABEL_1" } }""")]
    [InlineData("""{ "id2label": { "0": "a", "1": "b", "2": "c" } }""")]
    [InlineData("""{ "model_type": "bert" }""")]
    public void Labels_without_names_or_of_another_model_are_not_used(string json)
    {
        File.WriteAllText(Path.Combine(_folder, "config.json"), json);

        Assert.Empty(Find(Photo()).Labels);
    }

    public static TheoryData<string, string, string, string> Ultralytics() =>
        new()
        {
            { "detect", "[640, 640]", "rgb letterbox(640, antialias=false) scale(1/255)", "yolo nms(0.7)" },
            { "segment", "[384, 640]", "rgb letterbox(640,384, antialias=false) scale(1/255)", "yolo nms(0.7)" },
            { "pose", "[640, 640]", "rgb letterbox(640, antialias=false) scale(1/255)", "yolo points(17,3) nms(0.7)" },
            { "classify", "[224, 224]", "rgb resize(224) crop(224) scale(1/255)", "" },
            { "obb", "[640, 640]", "rgb letterbox(640, antialias=false) scale(1/255)", "" },
        };

    [Theory]
    [MemberData(nameof(Ultralytics))]
    public void The_metadata_of_Ultralytics(string task, string size, string image, string boxes)
    {
        var model = Photo();
        model.SetMetadata("task", task);
        model.SetMetadata("imgsz", size);
        model.SetMetadata("stride", "32");
        model.SetMetadata("names", "{0: 'cat', 1: 'driver\\'s seat'}");
        model.SetMetadata("kpt_shape", "[17, 3]");

        var described = Find(model);

        Assert.Equal(image, described.Of(ItemMetadata.Image)!.Text);
        Assert.Equal(boxes, described.Of(ItemMetadata.Boxes)?.Text ?? "");
        Assert.Equal(["cat", "driver's seat"], described.Labels);
    }

    [Fact]
    public void A_model_of_Ultralytics_that_chooses_the_boxes_itself()
    {
        var model = Photo();
        foreach (var (key, value) in new[] { ("task", "detect"), ("imgsz", "[64, 64]"), ("stride", "32"), ("end2end", "True") })
            model.SetMetadata(key, value);

        Assert.Equal("yolov10", Find(model).Of(ItemMetadata.Boxes)!.Text);
    }

    [Theory]
    [InlineData("Bgr8", "NominalRange_0_255", "bgr")]
    [InlineData("Gray8", "Normalized_0_1", "gray scale(1/255)")]
    [InlineData("Rgba8", "Normalized_1_1", "rgb scale(2/255) mean(1)")]
    [InlineData("Rgb8", "NominalRange_16_235", "rgb scale(219/255) mean(-16)")]
    [InlineData("Rgb8", "unknown", "")]
    public void The_image_metadata_of_ONNX(string format, string range, string expected)
    {
        var model = Photo();
        model.SetMetadata("Image.BitmapPixelFormat", format);
        model.SetMetadata("Image.NominalPixelRange", range);

        Assert.Equal(expected, Find(model).Of(ItemMetadata.Image)?.Text ?? "");
    }

    [Fact]
    public void The_item_wins_over_the_task_file_and_that_over_the_folder()
    {
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"), """{ "image_processor_type": "X", "size": 8 }""");
        File.WriteAllText(Path.Combine(_folder, "model.task.json"), """{ "image": "bgr", "boxes": "yolo", "labels": ["cat", "dog"] }""");

        var file = Find(Photo());
        var item = Find(Photo(), given: new() { ["Image"] = "gray", ["Boxes"] = "none" });

        Assert.Equal("Image bgr model.task.json; Boxes yolo model.task.json", Text(file));
        Assert.Equal(["cat", "dog"], file.Labels);
        Assert.Equal("Image gray ", Text(item));
    }

    [Theory]
    [InlineData("model.task.json", """{ "imag": "rgb" }""", "Did you mean 'image'?")]
    [InlineData("model.task.json", """{ "image": 3 }""", "'image' is not a description with a text")]
    [InlineData("model.task.json", "[]", "no JSON object")]
    [InlineData("model.task.json", "{", "cannot be read")]
    [InlineData("preprocessor_config.json", "{ 'a': 1 }", "cannot be read")]
    [InlineData("config.json", "no", "cannot be read")]
    public void MB1046_a_file_with_a_mistake(string name, string text, string reason)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);

        var failure = Assert.Throws<CompressionException>(() => Find(Photo()));

        Assert.Equal("MB1046", failure.Code);
        Assert.Equal(Path.Combine(_folder, name), failure.File);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_images_has_no_description_of_its_folder()
    {
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"), """{ "image_processor_type": "X", "size": 8 }""");

        Assert.Empty(Find(Photo(DataType.Int64)).Descriptions);
    }

    [Theory]
    [InlineData("", "tokenizer.json", "tokenizer.json", "tokenizer.json config.json modules.json")]
    [InlineData("", "vocab.txt", "vocab.txt", "vocab.txt config.json modules.json")]
    [InlineData("", "tokenizer.model", "tokenizer.model", "tokenizer.model config.json modules.json")]
    [InlineData("onnx", "vocab.txt", "../vocab.txt", "vocab.txt config.json modules.json")]
    public void The_tokenizer_of_a_folder_is_found(string folder, string file, string text, string names)
    {
        foreach (var name in new[] { file, "config.json", "modules.json" })
            File.WriteAllText(Path.Combine(_folder, name), "{}");

        var found = Find(Sentences(), Path.Combine(folder, "model.onnx"));

        Assert.Equal($"Tokenizer {text} the folder of the model", Text(found));
        Assert.Equal(names, string.Join(' ', found.Tokenizer.Select(part => part.Name)));
        Assert.All(found.Tokenizer, part => Assert.Contains(part.Path, found.Files));
        // Files that do not exist are also watched, because a new file changes the tokenizer.
        Assert.Contains(Path.Combine(_folder, "tokenizer_config.json"), found.Files);
    }

    [Fact]
    public void Models_without_token_ids_have_no_tokenizer()
    {
        File.WriteAllText(Path.Combine(_folder, "vocab.txt"), "a");

        Assert.Empty(Find(Photo()).Descriptions);
    }

    [Theory]
    [InlineData("bert", "vocab.txt", "vocab.txt")]
    [InlineData("bert/words.txt", "words.txt", "vocab.txt")]
    [InlineData("bert/fast.json", "fast.json", "tokenizer.json")]
    public void The_tokenizer_of_the_item_wins(string given, string file, string name)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "bert"));
        File.WriteAllText(Path.Combine(_folder, "bert", file), "a");
        File.WriteAllText(Path.Combine(_folder, "tokenizer.json"), "{}");

        var found = Find(Sentences(), given: new() { ["Tokenizer"] = given });

        Assert.Equal((name, Path.Combine(_folder, "bert", file)), (Assert.Single(found.Tokenizer).Name, found.Tokenizer[0].Path));
        Assert.Empty(Find(Sentences(), given: new() { ["Tokenizer"] = "none" }).Tokenizer);
    }

    [Theory]
    [InlineData("missing", "does not exist")]
    [InlineData("empty", "has none of the files 'tokenizer.json', 'vocab.txt', 'tokenizer.model'")]
    [InlineData("empty/a.bin", "is a folder or a file like")]
    public void MB1046_a_tokenizer_that_is_none(string given, string reason)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "empty"));
        File.WriteAllText(Path.Combine(_folder, "empty", "a.bin"), "a");

        var failure = Assert.Throws<CompressionException>(() => Find(Sentences(), given: new() { ["Tokenizer"] = given }));

        Assert.Equal("MB1046", failure.Code);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_files_give_equal_archives()
    {
        File.WriteAllText(Path.Combine(_folder, "vocab.txt"), "a");
        var files = TokenizerFolder.Read(_folder);
        var first = TokenizerArchive.ToBytes(files);
        File.SetLastWriteTimeUtc(files[0].Path, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Assert.Equal(first, TokenizerArchive.ToBytes(files));
        using var archive = new ZipArchive(new MemoryStream(first));
        Assert.Equal("vocab.txt", Assert.Single(archive.Entries).FullName);
    }

    private static string Text(DescribedModel described) =>
        string.Join("; ", described.Descriptions.Select(description => $"{description.Name} {description.Text} {description.Source}"));

    private DescribedModel Find(OnnxModel model, string name = "model.onnx", Dictionary<string, string>? given = null) =>
        DescriptionSearch.Find(Path.Combine(_folder, name), model, SignatureReader.Read(model), given ?? Nothing, _folder);

    [Theory]
    [InlineData(
        "'feature_extractor_type': 'WhisperFeatureExtractor', 'feature_size': 128",
        "rate(16000) length(30) mel(128, 400, 160, drop-last=true) whisper"
    )]
    [InlineData("'feature_extractor_type': 'Wav2Vec2FeatureExtractor', 'sampling_rate': 8000, 'do_normalize': true", "rate(8000) mean-variance")]
    [InlineData("'feature_extractor_type': 'Wav2Vec2FeatureExtractor', 'do_normalize': false", "rate(16000)")]
    [InlineData(
        "'feature_extractor_type': 'ASTFeatureExtractor', 'max_length': 512",
        "rate(16000) fbank(128, 400, 160, window=hann-symmetric) log frames(512) mean(-4.2677393) std(9.1379948)"
    )]
    [InlineData("'feature_extractor_type': 'EncodecFeatureExtractor', 'sampling_rate': 32000", "rate(32000)")]
    public void The_recording_of_a_folder_is_found(string document, string text)
    {
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"), $"{{ {document.Replace('\'', '"')} }}");

        Assert.Equal($"Audio {text} preprocessor_config.json", Text(Find(Recording("input_features"))));
        Assert.NotNull(AudioDescriptionParser.Parse(text));
        // The folder also has decoders, whose inputs have other names.
        Assert.Empty(Find(Recording("encoder_hidden_states")).Descriptions);
    }

    [Theory]
    [InlineData("'feature_extractor_type': 'EncodecFeatureExtractor', 'feature_size': 2")]
    [InlineData("'feature_extractor_type': 'ClapFeatureExtractor'")]
    [InlineData("'feature_size': 80")]
    public void Recordings_of_unknown_classes_have_no_description(string document)
    {
        File.WriteAllText(Path.Combine(_folder, "preprocessor_config.json"), $"{{ {document.Replace('\'', '"')} }}");

        Assert.Empty(Find(Recording("input_features")).Descriptions);
    }

    [Fact]
    public void The_file_of_a_model_is_for_inputs_of_any_name()
    {
        File.WriteAllText(Path.Combine(_folder, "model.task.json"), """{ "audio": "rate(8000)", "tokenizer": "words/vocab.txt" }""");
        Directory.CreateDirectory(Path.Combine(_folder, "onnx", "words"));
        File.WriteAllText(Path.Combine(_folder, "onnx", "words", "vocab.txt"), "a");
        File.Move(Path.Combine(_folder, "model.task.json"), Path.Combine(_folder, "onnx", "model.task.json"));

        var found = Find(Recording("x"), Path.Combine("onnx", "model.onnx"));

        Assert.Equal("Audio rate(8000) model.task.json; Tokenizer words/vocab.txt model.task.json", Text(found));
        // Paths in the file are relative to the folder of the model.
        Assert.Equal(Path.Combine(_folder, "onnx", "words", "vocab.txt"), Assert.Single(found.Tokenizer).Path);
    }

    private static OnnxModel Recording(string input) => new Net().Input(input, DataType.Float, 1, 80, 3000).Output("y", DataType.Float, 1, 2).Build();

    private static OnnxModel Sentences() => new Net().Input("input_ids", DataType.Int64, 1, 8).Output("logits", DataType.Float, 1, 2).Build();

    // The model is a classifier of images with two classes.
    private static OnnxModel Photo(DataType type = DataType.Float) => new Net().Input("image", type, 1, 3, 8, 8).Output("scores", DataType.Float, 1, 2).Build();
}

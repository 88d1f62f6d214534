using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>What the files of a model's folder say.</summary>
public sealed class TextModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_of_Sentence_Transformers_says_how_to_pool()
    {
        _folder.Write("config.json", """{ "architectures": ["BertModel"], "max_position_embeddings": 512 }""");
        _folder.Write("sentence_bert_config.json", """{ "max_seq_length": 256, "do_lower_case": false }""");
        _folder.Write("1_Pooling/config.json", """{ "word_embedding_dimension": 384, "pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true }""");
        _folder.Write(
            "modules.json",
            """
            [{ "idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer" },
             { "idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize" }]
            """
        );

        var folder = TextModelFolder.Read(_folder.Path);

        Assert.Equal(TextPoolingKind.Mean, folder.Pooling);
        Assert.True(folder.IsNormalized);
        Assert.Equal(256, folder.MaxLength);
        Assert.Equal(TextTask.FeatureExtraction, folder.Task);
        Assert.Null(folder.Labels);
    }

    [Theory]
    [InlineData("BertForSequenceClassification", TextTask.SequenceClassification)]
    [InlineData("RobertaForTokenClassification", TextTask.TokenClassification)]
    [InlineData("DistilBertForQuestionAnswering", TextTask.QuestionAnswering)]
    [InlineData("BertForMaskedLM", TextTask.FillMask)]
    [InlineData("LlamaForCausalLM", TextTask.TextGeneration)]
    [InlineData("GPT2LMHeadModel", TextTask.TextGeneration)]
    [InlineData("T5ForConditionalGeneration", TextTask.TextToText)]
    [InlineData("XLMRobertaModel", TextTask.FeatureExtraction)]
    [InlineData("Other", TextTask.Unknown)]
    public void The_architecture_names_the_task(string architecture, TextTask task) =>
        Assert.Equal(task, Read($$"""{ "architectures": ["{{architecture}}"] }""").Task);

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "7", 7)]
    [InlineData("[3, 5]", "7", 3, 5)]
    [InlineData("null", "7", 7)]
    [InlineData("4", null, 4)]
    public void The_tokens_that_end_a_text_are_those_of_the_generation_before_those_of_the_model(string? generation, string? model, params int[] expected)
    {
        _folder.Write("config.json", model is null ? "{}" : $$"""{ "eos_token_id": {{model}} }""");
        if (generation is not null)
            _folder.Write("generation_config.json", $$"""{ "eos_token_id": {{generation}} }""");

        Assert.Equal(expected, TextModelFolder.Read(_folder.Path).StopTokens);
    }

    [Fact]
    public void Labels_have_the_order_of_their_numbers()
    {
        Assert.Equal(["no", "yes", "perhaps"], Read("""{ "id2label": { "1": "yes", "0": "no", "2": "perhaps" } }""").Labels!);
        Assert.Throws<TokenizerException>(() => Read("""{ "id2label": { "1": "yes", "3": "no" } }"""));
        Assert.Throws<TokenizerException>(() => Read("""{ "id2label": { "x": "yes" } }"""));
    }

    [Theory]
    [InlineData("pooling_mode_cls_token", TextPoolingKind.Cls)]
    [InlineData("pooling_mode_max_tokens", TextPoolingKind.Max)]
    [InlineData("pooling_mode_mean_sqrt_len_tokens", TextPoolingKind.MeanSquareRoot)]
    [InlineData("pooling_mode_weightedmean_tokens", TextPoolingKind.WeightedMean)]
    [InlineData("pooling_mode_lasttoken", TextPoolingKind.LastToken)]
    public void Each_way_of_pooling_is_read(string name, TextPoolingKind kind) =>
        Assert.Equal(kind, Pooling($$"""{ "{{name}}": true, "pooling_mode_mean_tokens": false }"""));

    [Fact]
    public void Two_ways_of_pooling_are_an_error() =>
        Assert.Throws<TokenizerException>(() => Pooling("""{ "pooling_mode_cls_token": true, "pooling_mode_mean_tokens": true }"""));

    [Theory]
    [InlineData("2_Dense", "sentence_transformers.models.Dense")]
    [InlineData("2_LayerNorm", "sentence_transformers.models.LayerNorm")]
    [InlineData("2_Other", "custom.Other")]
    public void A_module_that_is_not_supported_is_an_error_where_pooling_is_asked_for(string path, string type)
    {
        _folder.Write("1_Pooling/config.json", """{ "pooling_mode_cls_token": true }""");
        _folder.Write(
            "modules.json",
            $$"""
            [{ "path": "", "type": "sentence_transformers.models.Transformer" }, { "path": "1_Pooling", "type": "sentence_transformers.models.Pooling" },
             { "path": "{{path}}", "type": "{{type}}" }, { "path": "3_Normalize", "type": "sentence_transformers.models.Normalize" }]
            """
        );

        // A model with the output sentence_embedding has the module inside, so that the folder is read.
        var folder = TextModelFolder.Read(_folder.Path);
        var fault = Assert.Throws<TokenizerException>(() => folder.Pooling);

        Assert.True(folder.IsNormalized);
        Assert.Equal(_folder.File("modules.json"), fault.File);
        Assert.Contains($"'{path}' ({type}) is not supported", fault.Reason, StringComparison.Ordinal);
        Assert.Contains("Use a model with the output 'sentence_embedding'", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_without_an_effect_are_none()
    {
        _folder.Write("1_Pooling/config.json", """{ "pooling_mode_cls_token": true }""");
        _folder.Write("modules.json", """[{ "type": "custom_st.Transformer" }, { "path": "1_Pooling", "type": "a.Pooling" }, { "type": "a.Dropout" }]""");

        var folder = TextModelFolder.Read(_folder.Path);

        Assert.Equal((TextPoolingKind.Cls, false), (folder.Pooling!.Value, folder.IsNormalized));
    }

    [Theory]
    [InlineData("1_Pooling", "'1_Pooling/config.json', is missing. Copy it")]
    [InlineData("2_Pooling", "'2_Pooling' (Pooling) are read from '1_Pooling/config.json' only")]
    public void Pooling_whose_settings_are_not_there_is_an_error(string path, string reason)
    {
        _folder.Write("modules.json", $$"""[{ "path": "{{path}}", "type": "sentence_transformers.models.Pooling" }]""");

        var fault = Assert.Throws<TokenizerException>(() => TextModelFolder.Read(_folder.Path).Pooling);

        Assert.Equal(_folder.File("modules.json"), fault.File);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_files_says_nothing()
    {
        var folder = TextModelFolder.Read(_folder.Path);

        Assert.Equal((null, null, false, null, TextTask.Unknown), (folder.MaxLength, folder.Pooling, folder.IsNormalized, folder.Labels, folder.Task));
        Assert.Throws<TokenizerException>(() => TextModelFolder.Read(_folder.File("missing")));
    }

    private TextModelFolder Read(string config)
    {
        _folder.Write("config.json", config);
        return TextModelFolder.Read(_folder.Path);
    }

    private static TextPoolingKind? Pooling(string config) =>
        TextModelFolder.Read(new Dictionary<string, Func<Stream>> { ["1_Pooling/config.json"] = SmallTokenizers.Stream(config) }).Pooling;
}

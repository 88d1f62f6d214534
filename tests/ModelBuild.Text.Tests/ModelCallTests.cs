using Microsoft.Extensions.AI;
using ModelBuild.Runtime;
using ModelBuild.Testing.Pretrained;
using ModelBuild.Text.Tests.Models;
using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>Calls of generated classes with texts.</summary>
public sealed class ModelCallTests : IDisposable
{
    private readonly TextTokenizer _tokenizer = SmallTokenizers.Load(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()));

    public void Dispose() => _tokenizer.Dispose();

    [Fact]
    public void A_text_a_pair_and_several_texts_become_the_inputs()
    {
        var calls = new List<(long[] Shape, long[] Ids, long[] Mask, long[] Types)>();
        using var model = EmbedModel.Fake(call =>
            calls.Add(
                (
                    call.InputShape("input_ids").ToArray(),
                    call.Input<long>("input_ids").ToArray(),
                    call.Input<long>("attention_mask").ToArray(),
                    call.Input<long>("token_type_ids").ToArray()
                )
            )
        );

        using (var result = model.Run(_tokenizer, "hello world"))
            Assert.Equal([1, 4, 2], result.LastHiddenState.Shape.ToArray());
        model.Run(_tokenizer, "hello", "the dog").Dispose();
        model.Run(_tokenizer, ["fox", "the lazy dog"]).Dispose();

        foreach (
            var (call, batch) in calls.Zip([
                _tokenizer.Encode(["hello world"]),
                _tokenizer.Encode(["hello"], ["the dog"]),
                _tokenizer.Encode(["fox", "the lazy dog"]),
            ])
        )
        {
            Assert.Equal([batch.Rows, batch.Length], call.Shape);
            Assert.Equal(batch.Ids, call.Ids);
            Assert.Equal(batch.Mask, call.Mask);
            Assert.Equal(batch.TypeIds, call.Types);
        }

        Assert.Equal([1, 1, 1, 0, 0], calls[2].Mask[..5]);
    }

    [Fact]
    public async Task Vectors_are_pooled_over_the_tokens_without_padding()
    {
        // The vector of a token is its id and the number 1.
        using var model = EmbedModel.Fake(call =>
        {
            var ids = call.Input<long>("input_ids");
            var output = call.Output<float>("last_hidden_state");
            for (var i = 0; i < ids.Length; i++)
                (output[2 * i], output[(2 * i) + 1]) = (ids[i], 1);
        });
        string[] texts = ["fox", "the lazy dog"];
        var means = texts.Select(text => (float)_tokenizer.Encode(text).Ids.ToArray().Average()).ToArray();

        Assert.Equal([means[1], 1], model.Embed(_tokenizer, texts[1]));
        Assert.Equal(
            [
                [means[0], 1],
                [means[1], 1],
            ],
            model.Embed(_tokenizer, texts)
        );

        using var generator = model.AsEmbeddingGenerator(_tokenizer);
        var generated = await generator.GenerateAsync(texts, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([means[0], 1], generated[0].Vector.ToArray());
        Assert.Equal(8, generated.Usage!.InputTokenCount);
    }

    [Fact]
    public async Task A_model_of_fixed_size_gets_rows_that_are_filled()
    {
        using var model = FixedModel.Fake(call =>
        {
            Assert.Equal(12, call.Input<int>("input_ids").Length);
            call.Output<float>("sentence_embedding")[0] = call.Input<int>("attention_mask").ToArray().Sum();
        });

        Assert.Equal([4, 0, 0], model.Embed(_tokenizer, "hello world"));
        using var generator = model.AsEmbeddingGenerator(_tokenizer);
        var generated = await generator.GenerateAsync(["fox", "the dog"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal([3, 4], generated.Select(one => one.Vector.Span[0]));
        var mistake = Assert.Throws<ArgumentException>(() => model.Embed(_tokenizer, "the quick brown fox over the lazy dog the lazy dog"));
        Assert.Contains("The model takes 12 tokens, and a text has 13", mistake.Message, StringComparison.Ordinal);
        Assert.Equal([3, 0, 0], model.Embed(_tokenizer, "fox"));
    }

    [Fact]
    public void A_module_behind_pooling_is_an_error_unless_the_model_contains_it()
    {
        using var tokenizer = TextTokenizer.Load(
            new Dictionary<string, Func<Stream>>
            {
                ["tokenizer.json"] = SmallTokenizers.Stream(SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary()).ToJsonString()),
                ["modules.json"] = SmallTokenizers.Stream("""[{ "path": "2_Dense", "type": "sentence_transformers.models.Dense" }]"""),
            }
        );
        using var tokens = EmbedModel.Fake(_ => { });
        using var sentence = FixedModel.Fake(call => call.Output<float>("sentence_embedding")[0] = 7);

        var fault = Assert.Throws<TokenizerException>(() => tokens.Embed(tokenizer, "fox"));

        Assert.Contains("'modules.json': The module '2_Dense'", fault.Message, StringComparison.Ordinal);
        Assert.Equal([7, 0, 0], sentence.Embed(tokenizer, "fox"));
        tokens.Run(tokenizer, "fox").Dispose();
    }

    [Fact]
    public void Parts_of_a_text_have_labels()
    {
        var fox = _tokenizer.FindId("fox")!.Value;
        using var model = TagModel.Fake(call =>
        {
            var ids = call.Input<long>("input_ids");
            var logits = call.Output<float>("logits");
            for (var i = 0; i < ids.Length; i++)
                logits[(3 * i) + (ids[i] == fox ? 1 : 0)] = 9;
        });

        var span = Assert.Single(model.FindSpans(_tokenizer, "the quick fox"));

        Assert.Equal(("NAME", 10, 3), (span.Label, span.Start, span.Length));
    }

    [Fact]
    public void An_answer_is_a_part_of_the_passage()
    {
        var dog = _tokenizer.FindId("dog")!.Value;
        using var model = AnswerModel.Fake(call =>
        {
            var ids = call.Input<long>("input_ids");
            for (var i = 0; i < ids.Length; i++)
                call.Output<float>("start_logits")[i] = call.Output<float>("end_logits")[i] = ids[i] == dog ? 5 : -5;
        });

        var answer = model.Answer(_tokenizer, "hello dog", "the lazy dog");

        Assert.Equal((9, 3), (answer!.Value.Start, answer.Value.Length));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void MiniLM_finds_the_nearest_sentence()
    {
        using var folder = new TemporaryFolder();
        File.Copy(PretrainedModels.Need(PretrainedModels.MiniLmVocabulary), folder.File("vocab.txt"));
        using var tokenizer = TextTokenizer.Load(folder.Path);
        using var model = MiniLmModel.Load(PretrainedModels.Need(PretrainedModels.MiniLm), new ModelOptions { Threads = 1 });
        string[] sentences = ["A man is eating food.", "The girl is carrying a baby.", "A man is riding a white horse.", "Two cheetahs run after their prey."];

        var vectors = model.Embed(tokenizer, sentences);
        var question = model.Embed(tokenizer, "Somebody has a meal.");

        var scores = vectors.Select(vector => System.Numerics.Tensors.TensorPrimitives.CosineSimilarity(vector, question)).ToArray();
        Assert.Equal(0, scores.AsSpan().IndexOf(scores.Max()));
        // The model does not declare the number of values of a vector.
        using var generator = model.AsEmbeddingGenerator(tokenizer);
        Assert.Equal(384, ((EmbeddingGeneratorMetadata)generator.GetService(typeof(EmbeddingGeneratorMetadata))!).DefaultModelDimensions);
        // A row has the same vector alone and in a batch.
        Assert.Equal(vectors[3], model.Embed(tokenizer, sentences[3]), (a, b) => Math.Abs(a - b) < 1e-4f);
    }
}

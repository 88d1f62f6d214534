using ModelBuild.Compression.Caching;
using ModelBuild.Compression.Pipeline;
using ModelBuild.Compression.Tests.Support;

namespace ModelBuild.Compression.Tests.Caching;

/// <summary>Tests that the cache key contains the trained values, and that it contains the data only if training is allowed.</summary>
public sealed class TrainingKeyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, bool, bool> Changes =>
        new()
        {
            { "trained file", false, true },
            { "trained file", true, true },
            { "no trained file", false, true },
            { "permission", false, true },
            { "training data", true, true },
            { "training data", false, false },
            { "validation data", true, true },
            { "validation data", false, false },
            { "data of the other kind", true, true },
            { "command", true, false },
            { "kept values", true, false },
        };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_counts_where_the_result_depends_on_it(string change, bool train, bool counts)
    {
        var request = Request("fine-tune") with { Train = train };

        Assert.Equal(counts, Key(request) != ChangedKey(request, change));
    }

    public static MatrixTheoryData<string, bool> AllChanges => new([.. Changes.Select(row => row.Data.Item1).Distinct()], [false, true]);

    [Theory]
    [MemberData(nameof(AllChanges))]
    public void Nothing_of_training_counts_for_a_recipe_that_does_not_train(string change, bool train)
    {
        var request = Request("int8-weights") with { Train = train };

        Assert.Equal(Key(request), ChangedKey(request, change));
    }

    public void Dispose() => _folder.Dispose();

    private static string Key(CompressionRequest request) => CacheKey.Of(request, []);

    private string ChangedKey(CompressionRequest request, string change)
    {
        switch (change)
        {
            case "trained file":
                _folder.Write("trained", "other");
                break;
            case "no trained file":
                File.Delete(request.TrainedFile!);
                break;
            case "permission":
                request = request with { Train = !request.Train };
                break;
            case "training data":
                _folder.Write("train.npz", "other");
                break;
            case "validation data":
                _folder.Write("held.npz", "other");
                break;
            case "data of the other kind":
                request = request with { TrainingData = request.ValidationData, ValidationData = request.TrainingData };
                break;
            case "command":
                request = request with { TrainCommand = "other" };
                break;
            case "kept values":
                request = request with { KeepTrained = "other" };
                break;
            default:
                throw new ArgumentException(change, nameof(change));
        }

        return Key(request);
    }

    private CompressionRequest Request(string recipe) =>
        _folder.Request(_folder.SaveProduct(), recipe) with
        {
            TrainedFile = _folder.Write("trained", "1"),
            TrainingData = [_folder.Write("train.npz", "2")],
            ValidationData = [_folder.Write("held.npz", "3")],
        };
}

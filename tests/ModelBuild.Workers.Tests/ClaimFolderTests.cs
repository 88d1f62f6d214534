using ModelBuild.Cli.Tuning.Claims;

namespace ModelBuild.Workers.Tests;

/// <summary>The files by which workers claim tasks.</summary>
public sealed class ClaimFolderTests : IDisposable
{
    private const string Name = "0123456789abcdef";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    private static Claim Elsewhere { get; } = new("elsewhere:1", "elsewhere", 1);

    private string Claims => _folder.Path;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, null)]
    [InlineData(30, null)]
    [InlineData(61, 2)]
    [InlineData(3600, 2)]
    public void The_claim_of_a_silent_worker_is_stale_after_the_time_of_the_lease(int age, int? attempt)
    {
        Write(1, Elsewhere, TimeSpan.FromSeconds(age));

        using var claim = Take(out var isLost);

        Assert.Equal((attempt, false), (claim?.Attempt, isLost));
    }

    [Fact]
    public void The_claim_of_a_process_that_has_ended_is_stale_at_once()
    {
        Write(1, Claim.OfThisProcess with { Process = int.MaxValue }, TimeSpan.Zero);

        using var claim = Take(out var isLost);

        Assert.Equal((2, false), (claim?.Attempt, isLost));
    }

    [Fact]
    public void The_claim_of_a_process_that_runs_is_left_to_it()
    {
        Write(1, Claim.OfThisProcess, TimeSpan.Zero);

        using var claim = Take(out var isLost);

        Assert.Equal((null, false), (claim?.Attempt, isLost));
    }

    [Fact]
    public void A_task_that_was_lost_three_times_is_lost()
    {
        for (var attempt = 1; attempt <= ClaimFolder.MaxLost; attempt++)
            Write(attempt, Elsewhere, TimeSpan.FromHours(1));

        using var claim = Take(out var isLost);

        Assert.Equal((null, true), (claim?.Attempt, isLost));
    }

    [Fact]
    public void A_claim_that_another_worker_creates_after_the_look_at_the_folder_is_left_to_it()
    {
        var folder = new ClaimFolder(Claims, Lease);
        var last = folder.LastAttempts();
        Write(1, Elsewhere, TimeSpan.Zero);

        using var claim = folder.TryTake(Name, last.GetValueOrDefault(Name), out var isLost);

        Assert.Equal((null, false), (claim?.Attempt, isLost));
    }

    [Fact]
    public void Files_that_only_give_the_time_of_the_server_are_not_claims()
    {
        File.WriteAllText(Path.Combine(Claims, "abcdefgh.123.clock"), "");
        var folder = new ClaimFolder(Claims, Lease);

        Assert.False(folder.HasAny);
        Assert.Empty(folder.LastAttempts());
        Assert.Empty(folder.Living());
    }

    [Fact]
    public async Task Many_looks_at_a_claim_create_few_files()
    {
        const int Looks = 1000;
        Write(1, Elsewhere, TimeSpan.Zero);
        var folder = new ClaimFolder(Claims, Lease);
        var created = 0;
        var end = new TaskCompletionSource();
        using var watcher = new FileSystemWatcher(Claims);
        watcher.Created += (_, file) =>
        {
            created++;
            if (file.Name == "end")
                end.SetResult();
        };
        watcher.EnableRaisingEvents = true;

        for (var i = 0; i < Looks; i++)
            Assert.Null(folder.TryTake(Name, 1, out _));
        await File.WriteAllTextAsync(Path.Combine(Claims, "end"), "", TestContext.Current.CancellationToken);
        await end.Task;

        Assert.InRange(created, 1, Looks / 10);
    }

    private HeldClaim? Take(out bool isLost)
    {
        var folder = new ClaimFolder(Claims, Lease);
        return folder.TryTake(Name, folder.LastAttempts().GetValueOrDefault(Name), out isLost);
    }

    private void Write(int attempt, Claim claim, TimeSpan age)
    {
        var path = Path.Combine(Claims, $"{Name}.{attempt}");
        File.WriteAllText(path, claim.ToLine());
        File.SetLastWriteTimeUtc(path, File.GetLastWriteTimeUtc(path) - age);
    }
}

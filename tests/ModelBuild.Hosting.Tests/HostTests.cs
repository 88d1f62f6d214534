using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Hosting.Tests;

/// <summary>Models in a real host.</summary>
public sealed class HostTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task A_model_is_loaded_with_the_host_and_closed_with_it()
    {
        var builder = Builder();
        builder.Services.AddModel<ReluModel>(settings => settings.Path = _files.Write("relu.onnx", TinyModels.Relu()));
        var host = builder.Build();
        await host.StartAsync(Token);
        var model = host.Services.GetRequiredService<ReluModel>();
        Assert.Same(model, host.Services.GetRequiredService<ReluModel>());
        using (var result = model.Run(Enumerable.Repeat(2f, 16).ToArray()))
            Assert.Equal(2, result.Y.Span[0]);
        await host.StopAsync(Token);
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => model.Run(new float[16]));
    }

    [Fact]
    public async Task A_missing_file_stops_the_start_unless_loading_is_lazy()
    {
        var builder = Builder();
        builder.Services.AddModel<ReluModel>(settings => settings.Path = _files.File("none.onnx"));
        using var host = builder.Build();
        await Assert.ThrowsAsync<FileNotFoundException>(() => host.StartAsync(Token));

        var lazy = Builder();
        lazy.Services.AddModel<ReluModel>(settings => (settings.Path, settings.Lazy) = (_files.File("none.onnx"), true)).AddHealthCheck(tags: ["ready"]);
        using var started = lazy.Build();
        await started.StartAsync(Token);
        var report = await started.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        Assert.Equal(HealthStatus.Unhealthy, report.Status);
        Assert.Contains("none.onnx", report.Entries["ReluModel"].Description, StringComparison.Ordinal);

        _files.Write("none.onnx", TinyModels.Relu());
        report = await started.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Equal("cpu", report.Entries["ReluModel"].Data["provider"]);
        Assert.Equal(["ready"], report.Entries["ReluModel"].Tags);
        await started.StopAsync(Token);
    }

    [Fact]
    public async Task Settings_come_from_configuration_and_keys_tell_models_apart()
    {
        var builder = Builder();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Models:Small:Path"] = _files.Write("mlp.onnx", TinyModels.Mlp()),
                ["Models:Small:Threads"] = "2",
                ["Models:Small:Parallel"] = "2",
                ["Models:Small:Providers:0"] = "cpu",
                ["Models:Small:WarmUp"] = "true",
            }
        );
        builder.Services.AddKeyedModel<MlpModel>("small", builder.Configuration.GetSection("Models:Small")).AddHealthCheck();
        builder.Services.AddKeyedModel<MlpModel>("other", settings => settings.Configure = options => options with { Path = _files.File("mlp.onnx") });
        using var host = builder.Build();
        await host.StartAsync(Token);
        var (small, other) = (host.Services.GetRequiredKeyedService<MlpModel>("small"), host.Services.GetRequiredKeyedService<MlpModel>("other"));
        Assert.NotSame(small, other);
        using var one = small.Run(new float[128]);
        using var two = other.Run(new float[128]);
        Assert.Equal(two.Scores.ToArray(), one.Scores.ToArray());
        var settings = host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<ModelSettings>>().Get("MlpModel:small");
        Assert.Equal((2, 2, "cpu"), (settings.Threads, settings.Parallel, settings.Providers.Single()));
        Assert.True((await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Entries.ContainsKey("MlpModel:small"));
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task A_batcher_ends_before_its_model_and_answers_what_waits()
    {
        var builder = Builder();
        builder
            .Services.AddModel<MlpModel>(settings => settings.Path = _files.Write("mlp.onnx", TinyModels.Mlp()))
            .AddBatcher((model, options) => model.OpenBatcher(options), new BatcherOptions { MaxRows = 4 });
        var host = builder.Build();
        await host.StartAsync(Token);
        var batcher = host.Services.GetRequiredService<MlpModel.Batcher>();
        var calls = Enumerable.Range(0, 100).Select(_ => batcher.RunAsync(new float[64], Token)).ToArray();
        await host.StopAsync(Token);
        await ((IAsyncDisposable)host).DisposeAsync();
        Assert.All(await Task.WhenAll(calls), result => Assert.Equal(10, result.Scores.Length));
    }

    [Fact]
    public async Task A_changed_file_takes_over_without_a_lost_call()
    {
        var log = new Heard();
        var builder = Builder();
        builder.Logging.AddProvider(log);
        var path = _files.Write("relu.onnx", Times(2));
        builder.Services.AddModel<ReluModel>(settings => settings.Path = path).ReloadOnChange();
        using var host = builder.Build();
        await host.StartAsync(Token);
        var model = host.Services.GetRequiredService<ReluModel>();
        Assert.Equal(2, Factor(model));

        await Eventually.FollowsAsync(() => Replace(path, [1, 2, 3]), () => log.Has(LogLevel.Error), Token);
        Assert.Equal(2, Factor(model));

        await Eventually.FollowsAsync(() => Replace(path, Times(5)), () => Factor(model) == 5, Token);
        await Eventually.IsTrueAsync(() => log.Has(LogLevel.Information), Token);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Each_of_several_models_is_loaded_with_the_host_and_watched()
    {
        _files.Write("one.onnx", Times(2));
        using (var incomplete = Build())
            Assert.EndsWith(
                "two.onnx",
                (await Assert.ThrowsAsync<FileNotFoundException>(() => incomplete.StartAsync(Token))).FileName,
                StringComparison.Ordinal
            );

        _files.Write("two.onnx", Times(2));
        using var host = Build();
        await host.StartAsync(Token);
        foreach (var key in new[] { "one", "two" })
            await Eventually.FollowsAsync(
                () => Replace(_files.File(key + ".onnx"), Times(5)),
                () => Factor(host.Services.GetRequiredKeyedService<ReluModel>(key)) == 5,
                Token
            );

        await host.StopAsync(Token);

        IHost Build()
        {
            var builder = Builder();
            foreach (var key in new[] { "one", "two" })
                builder.Services.AddKeyedModel<ReluModel>(key, settings => settings.Path = _files.File(key + ".onnx")).ReloadOnChange();
            return builder.Build();
        }
    }

    [Fact]
    public async Task A_file_that_changes_while_it_is_loaded_is_loaded_again()
    {
        var path = _files.Write("relu.onnx", Times(2));
        var builder = Builder();
        builder.Services.AddModel<ReactingModel>(settings => settings.Path = path).ReloadOnChange();
        using var host = builder.Build();
        await host.StartAsync(Token);
        var model = host.Services.GetRequiredService<ReactingModel>();
        model.Loaded = () =>
        {
            if (Factor(model.Inner) == 5)
                Replace(path, Times(7));
        };
        await Eventually.FollowsAsync(() => Replace(path, Times(5)), () => Factor(model.Inner) == 7, Token);
        await host.StopAsync(Token);
    }

    [Fact]
    public async Task Stages_are_loaded_anew_when_the_last_of_them_has_changed()
    {
        var log = new Heard();
        var builder = Builder();
        builder.Logging.AddProvider(log);
        var path = StagedModels.Write(_files);
        builder.Services.AddModel<StagedModel>(settings => settings.Path = path).ReloadOnChange();
        using var host = builder.Build();
        await host.StartAsync(Token);

        await Eventually.FollowsAsync(() => StagedModels.Write(_files, build: "two"), () => log.Has(LogLevel.Information), Token);

        Assert.False(log.Has(LogLevel.Error));
        await host.StopAsync(Token);
    }

    private static HostApplicationBuilder Builder() => Host.CreateEmptyApplicationBuilder(null);

    private static byte[] Times(float factor) =>
        new TinyModel().Input("x: float32[1, 16]").Output("y: float32[1, 16]").Weight("factor", [1], [factor]).Node("Mul(x, factor) -> y").ToBytes();

    private static float Factor(ReluModel model)
    {
        using var result = model.Run(Enumerable.Repeat(1f, 16).ToArray());
        return result.Y.Span[0];
    }

    private void Replace(string path, byte[] bytes) => File.Move(_files.Write("new.onnx", bytes), path, overwrite: true);

    /// <summary>A model with something to do when it was loaded anew, before that ends.</summary>
    private sealed class ReactingModel(ReluModel inner) : IModel<ReactingModel>
    {
        public ReluModel Inner => inner;

        public Action Loaded { get; set; } = () => { };

        public ModelContract Signature => inner.Signature;

        public string Provider => inner.Provider;

        public Placement Placement => inner.Placement;

        public Microsoft.ML.OnnxRuntime.InferenceSession Session => inner.Session;

        public static ReactingModel Open(ModelOptions? options) => new(new ReluModel(options));

        public bool WarmUp(IReadOnlyDictionary<string, int>? sizes = null) => inner.WarmUp(sizes);

        public void Reload(string? path = null)
        {
            inner.Reload(path);
            Loaded();
        }

        public void Dispose() => inner.Dispose();
    }

    private sealed class Heard : ILoggerProvider, ILogger
    {
        private readonly List<LogLevel> _levels = [];

        public bool Has(LogLevel level)
        {
            lock (_levels)
                return _levels.Contains(level);
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_levels)
                _levels.Add(logLevel);
        }

        public void Dispose() { }
    }
}

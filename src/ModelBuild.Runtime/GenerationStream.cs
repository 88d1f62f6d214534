using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Calls;
using ModelBuild.Runtime.Engines;
using ModelBuild.Runtime.Generation;

namespace ModelBuild.Runtime;

/// <summary>
/// Represents one text that a decoder continues. The stream keeps the keys and values of attention of all tokens as a cache, so that each call computes only
/// the new tokens. A stream serves one caller at a time; a second caller gets an <see cref="InvalidOperationException"/>. Streams can share one model.
/// </summary>
/// <remarks>
/// The outputs of a call are the inputs of the next one, without a copy by this library. During a call, ONNX Runtime holds the previous cache and the new one.
/// When a call fails or is cancelled, the stream keeps its tokens from before the call. After <see cref="ModelHost.Reload"/>, the next call computes all tokens
/// again with the new model.
/// </remarks>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "The type represents a stream of calls.")]
public sealed class GenerationStream : IDisposable
{
    private readonly ModelHost _host;
    private readonly SingleCaller _caller;
    private readonly DecoderCalls _calls;
    private readonly RunOptions _options = new();

    // The tokens of the text. The keys and values of the last generated token are computed by the next call.
    private readonly List<int> _tokens = [];
    private readonly int _vocabulary;
    private Engine? _engine;

    internal GenerationStream(ModelHost host, DecoderLayout layout, OrtValue? encoderStates, int maxLength)
    {
        _host = host;
        MaxLength = maxLength;
        _calls = new DecoderCalls(host.Contract, layout, encoderStates);
        _caller = new SingleCaller(host.Contract.Name, Free);
        _vocabulary = (int)(host.Contract.Outputs[layout.Logits].Shape?[2].Size ?? int.MaxValue);
    }

    /// <summary>Gets the number of tokens of the text: those that were given and those that were generated.</summary>
    public int Length => _tokens.Count;

    /// <summary>Gets the largest number of tokens of the text.</summary>
    public int MaxLength { get; }

    /// <summary>
    /// Gets the number of bytes of the cache: the sizes of its tensors, without memory that the allocator of ONNX Runtime reserves.
    /// </summary>
    public long CacheBytes => _calls.Cache.BytesAt(_calls.Cache.Length);

    internal DecoderCache Cache => _calls.Cache;

    /// <summary>Returns the number of bytes that the cache has with a number of tokens.</summary>
    /// <param name="length">The number of tokens.</param>
    /// <returns>
    /// The number of bytes. The keys and values of the encoder's result are included when the first call has computed them.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is negative.</exception>
    public long GetCacheBytes(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return _calls.Cache.BytesAt(length);
    }

    /// <summary>Adds tokens to the text and computes the logits of the token that follows.</summary>
    /// <param name="tokens">The tokens. The span may be empty if the last token of the text was generated.</param>
    /// <param name="cancellationToken">A token that stops the run inside ONNX Runtime.</param>
    /// <returns>The logits of all tokens of the vocabulary. They are valid until the next call of the stream.</returns>
    /// <exception cref="ArgumentException">The text has no new tokens, or it would have more than <see cref="MaxLength"/> tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A token is not in the vocabulary.</exception>
    /// <exception cref="InvalidOperationException">Another caller is using the stream, or the model returned a cache of another length.</exception>
    /// <exception cref="NotSupportedException">The model is a fake.</exception>
    /// <exception cref="ObjectDisposedException">The stream or the model has been disposed.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public ReadOnlySpan<float> Append(ReadOnlySpan<int> tokens, CancellationToken cancellationToken = default)
    {
        _caller.Enter(this);
        try
        {
            Compute(tokens, cancellationToken);
            return _calls.Logits;
        }
        finally
        {
            _caller.Exit();
        }
    }

    /// <summary>
    /// Adds tokens to the text and generates the tokens that follow, each one when it is enumerated. The generated tokens become a part of the text, so that
    /// another call continues the text. The generation ends with a stop token, which also becomes a part of the text but is not returned, after <see
    /// cref="GenerationOptions.MaxTokens"/> tokens, or when the text has <see cref="MaxLength"/> tokens.
    /// </summary>
    /// <param name="prompt">The tokens before the generated ones. The span may be empty if the last token of the text was generated.</param>
    /// <param name="options">The options; null for the most likely tokens.</param>
    /// <param name="cancellationToken">A token that ends the enumeration with an exception, also during a run.</param>
    /// <returns>The generated tokens. The exceptions of <see cref="Append"/> are thrown while they are enumerated.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public IEnumerable<int> Generate(ReadOnlySpan<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new GenerationOptions();
        options.Check();
        return Generate(prompt.ToArray(), options, cancellationToken);
    }

    /// <summary>Removes all tokens from the text and the cache.</summary>
    /// <exception cref="InvalidOperationException">Another caller is using the stream.</exception>
    /// <exception cref="ObjectDisposedException">The stream has been disposed.</exception>
    public void Reset()
    {
        _caller.Enter(this);
        _tokens.Clear();
        _calls.Cache.Clear();
        _caller.Exit();
    }

    /// <summary>Releases the cache, immediately or when the call in progress has ended.</summary>
    public void Dispose() => _caller.Close();

    private IEnumerable<int> Generate(int[] prompt, GenerationOptions options, CancellationToken cancellationToken)
    {
        var sampler = new TokenSampler(options);
        var stops = options.StopTokens ?? [];
        for (var count = 0; count < options.MaxTokens && (count == 0 || Length < MaxLength); count++)
        {
            var token = Next(count == 0 ? prompt : [], sampler, cancellationToken);
            if (token < 0 || stops.Contains(token))
                yield break;
            yield return token;
        }
    }

    /// <summary>Returns the next token and adds it to the text; -1 if the text has no room for another token.</summary>
    private int Next(int[] tokens, TokenSampler sampler, CancellationToken cancellationToken)
    {
        _caller.Enter(this);
        try
        {
            Compute(tokens, cancellationToken);
            if (Length >= MaxLength)
                return -1;
            var token = sampler.Next(_calls.Logits, _tokens);
            _tokens.Add(token);
            return token;
        }
        finally
        {
            _caller.Exit();
        }
    }

    private void Compute(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Check(tokens);
        var before = Length;
        _tokens.AddRange(tokens);
        try
        {
            Observe(cancellationToken);
        }
        catch
        {
            _tokens.RemoveRange(before, Length - before);
            throw;
        }
    }

    private void Check(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length == 0 && _calls.Cache.Length == Length)
            throw new ArgumentException("The text needs at least one new token.", nameof(tokens));
        if (tokens.Length > MaxLength - Length)
            throw new ArgumentException(
                $"The text would have {(long)Length + tokens.Length} tokens, and the stream of {_host.Contract.Name} has at most {MaxLength}.",
                nameof(tokens)
            );
        foreach (var token in tokens)
            if (token < 0 || token >= _vocabulary)
                throw new ArgumentOutOfRangeException(nameof(tokens), token, $"The vocabulary of {_host.Contract.Name} has {_vocabulary} tokens.");
    }

    private void Observe(CancellationToken cancellationToken)
    {
        if (!ModelTelemetry.IsOn)
        {
            RunCancellable(cancellationToken);
            return;
        }

        var activity = ModelTelemetry.Start(_host.Contract);
        var start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            RunCancellable(cancellationToken);
        }
        catch (Exception exception)
        {
            error = exception.GetType().FullName;
            throw;
        }
        finally
        {
            ModelTelemetry.Stop(activity, _host.Contract, _engine?.Provider, Stopwatch.GetElapsedTime(start), error);
        }
    }

    private void RunCancellable(CancellationToken cancellationToken)
    {
        try
        {
            // Disposing the registration waits for its callback, so that no callback sets the flag Terminate afterwards.
            using (cancellationToken.UnsafeRegister(static options => ((RunOptions)options!).Terminate = true, _options))
                Run();
        }
        catch (OnnxRuntimeException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The run was cancelled.", exception, cancellationToken);
        }
        finally
        {
            _options.Terminate = false;
        }
    }

    private void Run()
    {
        var engine = _host.Enter();
        try
        {
            // The cache is cleared when the model file was replaced, because it was computed by the previous model.
            if (engine != _engine && _calls.Cache.Length > 0)
                _calls.Cache.Clear();
            _engine = engine;
            RunOn(engine, CollectionsMarshal.AsSpan(_tokens)[_calls.Cache.Length..]);
        }
        finally
        {
            engine.Exit();
        }
    }

    private void RunOn(Engine engine, ReadOnlySpan<int> tokens)
    {
        switch (engine)
        {
            case SessionEngine session:
                _calls.Run(session, _options, tokens);
                break;
            case ParallelEngine parallel:
                var worker = parallel.AcquireWorker();
                try
                {
                    _calls.Run(parallel.Worker(worker), _options, tokens);
                }
                finally
                {
                    parallel.ReleaseWorker(worker);
                }

                break;
            default:
                throw new NotSupportedException($"This {_host.Contract.Name} is a fake or is cut into stages, and generates no tokens.");
        }
    }

    private void Free()
    {
        _calls.Dispose();
        _options.Dispose();
    }
}

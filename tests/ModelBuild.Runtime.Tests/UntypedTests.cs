using System.Runtime.InteropServices;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests;

/// <summary>Models without a class: the contract is that of the file, and shapes come with the inputs.</summary>
public sealed class UntypedTests : IDisposable
{
    private readonly TemporaryFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _files.Dispose();

    [Fact]
    public void The_contract_has_the_names_types_and_shapes_of_the_file()
    {
        using var pair = Open(TinyModels.Pair());
        using var types = Open(TinyModels.EveryType());

        Assert.Equal("float32[batch, length]", pair.Contract.Inputs[1].ToString());
        Assert.Equal(["left", "right"], pair.Contract.Inputs.Select(input => input.Name));
        Assert.Equal("float32[batch, length]", pair.Contract.Outputs.Single().ToString());
        Assert.Equal(TinyModels.Types, types.Contract.Inputs.Select(input => input.Type));
        Assert.Throws<FileNotFoundException>(() => ModelHost.OpenUntyped(_files.File("none.onnx"), null));
        Assert.Throws<ModelLoadException>(() => ModelHost.OpenUntyped(_files.Write("bad.onnx", [1, 2, 3]), null));
    }

    [Fact]
    public void A_call_has_the_shapes_that_are_given()
    {
        using var host = Open(TinyModels.Pair());
        var call = host.Rent();
        Floats([1, 2, 3, 4, 5, 6]).CopyTo(call.WriteBytes(0, [2, 3]));
        Floats([10, 20, 30, 40, 50, 60]).CopyTo(call.WriteBytes(1, [2, 3]));
        call.CheckShapes();

        using var result = call.Run();

        Assert.Equal([2L, 3], result.Shape(0));
        Assert.Equal([11, 22, 33, 44, 55, 66], MemoryMarshal.Cast<byte, float>(result.Bytes(0)).ToArray());
    }

    [Fact]
    public void Shapes_that_the_contract_does_not_allow_are_refused_and_the_call_stays_usable()
    {
        using var host = Open(TinyModels.Pair());
        var call = host.Rent();

        Assert.Contains("The shape [6] was given", Assert.Throws<ArgumentException>(() => Write(call, 0, 6)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Write(call, 0, -2, -3));
        Assert.Throws<ArgumentException>(() => Write(call, 0, 1L << 40, 1L << 40));
        Write(call, 0, 2, 3);
        Write(call, 1, 3, 2);
        Assert.Contains("[3, 2] was given", Assert.Throws<ArgumentException>(call.CheckShapes).Message, StringComparison.Ordinal);
        Write(call, 1, 2, 3);
        call.CheckShapes();
        call.Abandon();

        Assert.Same(call, host.Rent());
    }

    [Fact]
    public async Task A_batcher_combines_the_calls()
    {
        using var host = Open(TinyModels.Mlp());
        await using var batcher = host.OpenBatcher(null);

        var results = await Task.WhenAll(
            Enumerable
                .Range(1, 20)
                .Select(rows =>
                {
                    var call = host.Rent();
                    call.WriteBytes(0, [rows, 64]).Clear();
                    return batcher.RunAsync(call, result => result.Shape(0).ToArray(), Token);
                })
        );

        Assert.Equal(Enumerable.Range(1, 20).Select(rows => new long[] { rows, 10 }), results);
    }

    [Fact]
    public void A_call_with_large_buffers_is_not_kept_when_the_host_limits_them()
    {
        using var host = Open(TinyModels.Pair());
        host.MaxPooledBytes = 10_000;
        var small = host.Rent();
        Write(small, 0, 2, 3);
        small.Abandon();
        var same = host.Rent();
        Write(same, 0, 100, 100);
        same.Abandon();

        Assert.Same(small, same);
        Assert.NotSame(same, host.Rent());
    }

    private static byte[] Floats(float[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private static void Write(ModelCall call, int input, params long[] shape) => call.WriteBytes(input, shape).Clear();

    private ModelHost Open(byte[] model) => ModelHost.OpenUntyped(_files.Write("model.onnx", model), new ModelOptions { Threads = 1 });
}

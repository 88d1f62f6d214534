using System.Buffers.Binary;
using Google.Protobuf;
using ModelBuild.Serving.Rpc;

namespace ModelBuild.Serving.Tests.Support;

/// <summary>
/// Calls of <c>ModelInfer</c> that lie about sizes, shapes and types, as the bytes of an HTTP/2 request. The number of a call determines its bytes. The model
/// has the input <c>x: float32[*]</c>.
/// </summary>
internal static class HostileCalls
{
    private const int PrefixLength = 5;

    private static readonly long[] Sizes = [0, 1, 2, 3, 4, 8, -1, int.MaxValue, 4_294_967_296, long.MaxValue, long.MinValue];
    private static readonly string[] Types = ["FP32", "FP32", "FP32", "FP64", "INT64", "BYTES", "BOOL", "FP16", "fp32", ""];
    private static readonly string[] Names = ["x", "x", "x", "x", "y", "", "\0", "x\n"];

    /// <summary>Returns the body of a call: a byte for compression, the length of the message in four bytes, and the message.</summary>
    public static byte[] Create(int number)
    {
        var random = new Random(number);
        var message = Message(random).ToByteArray();
        if (random.Next(8) == 0)
            for (var i = random.Next(1, 4); i > 0; i--)
                message[random.Next(message.Length)] = (byte)random.Next(256);
        var body = new byte[PrefixLength + message.Length];
        body[0] = random.Next(20) == 0 ? (byte)random.Next(1, 256) : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), random.Next(10) == 0 ? Length(message.Length, random) : message.Length);
        message.CopyTo(body, PrefixLength);
        return body;
    }

    private static int Length(int right, Random random) =>
        random.Next(3) switch
        {
            0 => right + random.Next(1, 1_000_000),
            1 => random.Next(right),
            _ => -1,
        };

    private static ModelInferRequest Message(Random random)
    {
        // Some calls are right, so that damage meets each step of reading.
        var count = random.Next(6);
        var request = new ModelInferRequest { ModelName = random.Next(20) == 0 ? "other" : "free" };
        if (random.Next(5) == 0)
        {
            request.Inputs.Add(
                new ModelInferRequest.Types.InferInputTensor
                {
                    Name = "x",
                    Datatype = "FP32",
                    Shape = { count },
                }
            );
            request.RawInputContents.Add(ByteString.CopyFrom(new byte[4 * count]));
            return request;
        }

        for (var i = random.Next(10) == 0 ? random.Next(4) : 1; i > 0; i--)
            request.Inputs.Add(Input(random));
        for (var i = random.Next(3); i > 0; i--)
            request.RawInputContents.Add(ByteString.CopyFrom(new byte[random.Next(40)]));
        if (random.Next(4) == 0)
            request.Outputs.Add(new ModelInferRequest.Types.InferRequestedOutputTensor { Name = Pick(random, ["y", "x", ""]) });
        return request;
    }

    private static ModelInferRequest.Types.InferInputTensor Input(Random random)
    {
        var input = new ModelInferRequest.Types.InferInputTensor { Name = Pick(random, Names), Datatype = Pick(random, Types) };
        input.Shape.Add(Enumerable.Range(0, random.Next(50) == 0 ? 100 : random.Next(4)).Select(_ => Sizes[random.Next(Sizes.Length)]));
        if (random.Next(2) == 0)
            input.Contents = new InferTensorContents { Fp32Contents = { new float[random.Next(6)] } };
        if (random.Next(6) == 0)
            input.Contents = new InferTensorContents { BytesContents = { Enumerable.Repeat(ByteString.Empty, random.Next(2000)) }, BoolContents = { true } };
        return input;
    }

    private static string Pick(Random random, string[] items) => items[random.Next(items.Length)];
}

using System.Globalization;
using System.Text;

namespace ModelBuild.Serving.Tests.Support;

/// <summary>
/// Requests that lie about sizes, shapes and types, as bytes on a connection. The number of a request determines its bytes. The model has the input
/// <c>x: float32[*]</c>.
/// </summary>
internal static class HostileRequests
{
    private static readonly string[] Sizes =
    [
        "0",
        "1",
        "2",
        "3",
        "4",
        "7",
        "8",
        "-1",
        "1.5",
        "2147483647",
        "4294967296",
        "9223372036854775807",
        "1e30",
        "\"2\"",
        "null",
    ];
    private static readonly string[] Types = ["FP32", "FP32", "FP32", "FP64", "INT64", "BYTES", "BOOL", "fp32", "", "FP16"];
    private static readonly string[] Values = ["1", "1.5", "-3e3", "true", "\"a\"", "null", "1e999", "{}", "[]", "NaN", "01"];
    private static readonly string[] Names = ["x", "x", "x", "x", "y", "", "\\u0000", "\\ud800", "x\\n"];

    /// <summary>Returns the bytes of a request, and whether the sender closes its side after them.</summary>
    public static (byte[] Bytes, bool IsCut) Create(int number)
    {
        var random = new Random(number);
        var body = Body(random);
        if (random.Next(8) == 0)
            Damage(body, random);
        var header = random.Next(3) == 0 ? $"Inference-Header-Content-Length: {Pick(random, [.. Sizes, $"{body.Length}", $"{body.Length - 8}"])}\r\n" : "";
        var cut = random.Next(6) == 0;
        var declared = cut ? body.Length + 1 + random.Next(1_000_000) : body.Length;
        var path = random.Next(20) == 0 ? "/v2/models/%00%ff/infer" : "/v2/models/free/infer";
        var head = $"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {declared.ToString(CultureInfo.InvariantCulture)}\r\n{header}\r\n";
        return ([.. Encoding.ASCII.GetBytes(head), .. body], cut);
    }

    private static byte[] Body(Random random)
    {
        // Some requests are right, so that damage meets each step of reading.
        var count = random.Next(6);
        if (random.Next(5) == 0)
            return Encoding.UTF8.GetBytes(
                $"{{\"inputs\":[{{\"name\":\"x\",\"shape\":[{count}],\"datatype\":\"FP32\",\"data\":[{string.Join(',', Enumerable.Repeat("1.5", count))}]}}]}}"
            );
        var shape = string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => Pick(random, Sizes)));
        if (random.Next(50) == 0)
            shape = string.Join(',', Enumerable.Repeat("1", 100));
        var data = "";
        if (random.Next(2) == 0)
            data = $",\"data\":[{string.Join(',', Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(3) == 0 ? Pick(random, Values) : "1"))}]";
        if (random.Next(60) == 0)
            data = $",\"data\":{new string('[', 200)}{new string(']', 200)}";
        var parameters = random.Next(2) == 0 ? $",\"parameters\":{{\"binary_data_size\":{Pick(random, Sizes)}}}" : "";
        var input = $"{{\"name\":\"{Pick(random, Names)}\",\"shape\":[{shape}],\"datatype\":\"{Pick(random, Types)}\"{data}{parameters}}}";
        var inputs = string.Join(',', Enumerable.Repeat(input, random.Next(10) == 0 ? random.Next(4) : 1));
        var outputs = random.Next(4) == 0 ? $",\"outputs\":[{{\"name\":\"{Pick(random, ["y", "x", ""])}\"}}]" : "";
        var json = Encoding.UTF8.GetBytes($"{{\"inputs\":[{inputs}]{outputs}}}");
        var tail = new byte[random.Next(3) == 0 ? random.Next(40) : 0];
        random.NextBytes(tail);
        return [.. json, .. tail];
    }

    private static void Damage(byte[] body, Random random)
    {
        for (var i = random.Next(1, 4); i > 0; i--)
            body[random.Next(body.Length)] = (byte)random.Next(256);
    }

    private static string Pick(Random random, string[] items) => items[random.Next(items.Length)];
}

using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace ModelBuild.Cli.Training.Tcp;

/// <summary>Represents the message with which a worker opens a connection to another worker.</summary>
/// <param name="Purpose">The purpose of the connection.</param>
/// <param name="Rank">The number of the worker.</param>
/// <param name="Port">The port on which the worker listens.</param>
internal sealed record Greeting(ConnectionPurpose Purpose, int Rank, int Port)
{
    private const int NonceLength = 32;
    private const int FactsLength = 1 + (2 * sizeof(int));

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // The first bytes name the protocol and its version.
    private static readonly byte[] _protocol = "modelbuild training 1\n"u8.ToArray();

    /// <summary>
    /// Sends the greeting to a listener. Both sides prove that they have the secret: each sends its HMAC-SHA256 of a random number of the other side, so that
    /// the secret itself is never sent.
    /// </summary>
    /// <param name="socket">The connection.</param>
    /// <param name="secret">The secret.</param>
    /// <exception cref="IOException">The listener does not have the secret, or uses another protocol.</exception>
    /// <exception cref="SocketException">The connection does not work.</exception>
    public void Send(Socket socket, string secret)
    {
        socket.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        var own = RandomNumberGenerator.GetBytes(NonceLength);
        socket.SendAll([.. _protocol, .. own]);
        var other = socket.ReceiveAll(NonceLength);
        if (!CryptographicOperations.FixedTimeEquals(socket.ReceiveAll(SHA256.HashSizeInBytes), Proof(secret, "listener", own, other, [])))
            throw new IOException("the other side does not know the secret");
        var facts = new byte[FactsLength];
        facts[0] = (byte)Purpose;
        BinaryPrimitives.WriteInt32LittleEndian(facts.AsSpan(1), Rank);
        BinaryPrimitives.WriteInt32LittleEndian(facts.AsSpan(1 + sizeof(int)), Port);
        socket.SendAll([.. facts, .. Proof(secret, "worker", other, own, facts)]);
        socket.ReceiveTimeout = 0;
    }

    /// <summary>Receives the greeting of a worker.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="secret">The secret.</param>
    /// <exception cref="IOException">The other side does not have the secret, or uses another protocol.</exception>
    /// <exception cref="SocketException">The connection does not work.</exception>
    public static Greeting Receive(Socket socket, string secret)
    {
        if (!socket.ReceiveAll(_protocol.Length).AsSpan().SequenceEqual(_protocol))
            throw new IOException("the other side speaks another protocol");
        var other = socket.ReceiveAll(NonceLength);
        var own = RandomNumberGenerator.GetBytes(NonceLength);
        socket.SendAll([.. own, .. Proof(secret, "listener", other, own, [])]);
        var facts = socket.ReceiveAll(FactsLength);
        if (!CryptographicOperations.FixedTimeEquals(socket.ReceiveAll(SHA256.HashSizeInBytes), Proof(secret, "worker", own, other, facts)))
            throw new IOException("the other side does not know the secret");
        return new Greeting(
            (ConnectionPurpose)facts[0],
            BinaryPrimitives.ReadInt32LittleEndian(facts.AsSpan(1)),
            BinaryPrimitives.ReadInt32LittleEndian(facts.AsSpan(1 + sizeof(int)))
        );
    }

    private static byte[] Proof(string secret, string side, byte[] asked, byte[] own, byte[] facts) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.ASCII.GetBytes(side), .. asked, .. own, .. facts]);
}
